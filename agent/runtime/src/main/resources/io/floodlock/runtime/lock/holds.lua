-- Tells which grants a session still has, for a JVM that has lost sight of Redis for a moment.
-- argv:  3 = session id, then pairs: grant id, name
-- reply: 'ok', ver, then '1' or '0' for each pair; or 'lost'
local sid = ARGV[3]
if not session(sid) then
  return {'lost'}
end
local reply = {'ok', ver(sid)}
for i = 4, #ARGV, 2 do
  local grant, raw, found = tonumber(ARGV[i]), redis.call('HGET', key, 'l:' .. ARGV[i + 1]), '0'
  if raw then
    for _, h in ipairs(cmsgpack.unpack(raw)[1]) do
      if h[1] == sid and h[2] == grant then
        found = '1'
      end
    end
  end
  reply[#reply + 1] = found
end
return reply
