-- Returns which grants a session still has, for a JVM whose connection to Redis was lost or replaced.
-- argv:  3 = session id, then pairs: grant id, name
-- reply: 'ok', ver, then '1' or '0' for each pair; or 'lost'
local sid = ARGV[3]
if not session(sid) then
  return {'lost'}
end
local reply, fields = {'ok', ver(sid)}, {}
for i = 5, #ARGV, 2 do
  fields[#fields + 1] = 'l:' .. ARGV[i]
end
local raw = #fields > 0 and redis.call('HMGET', key, unpack(fields)) or {}
for i = 1, #fields do
  local e = entry(parse(ARGV[3 + 2 * i], raw[i]), sid)
  reply[#reply + 1] = e and e[4] ~= 0 and e[2] == tonumber(ARGV[2 + 2 * i]) and '1' or '0'
end
return reply
