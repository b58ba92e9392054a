-- Opens a session, and forgets those that have ended.
-- argv:  3 = session id (random, never used twice), 4 = lease in us, 5 = whose it is, for people
-- reply: 'ok', ver
-- Repeated, it answers the same. It never brings an expired session back.
local sid, lease, owner = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local raw = redis.call('HMGET', key, 's:' .. sid, 'S')
if raw[1] then
  return learn(sid, raw[1]) and {'ok', ver(sid)} or {'lost'}
end
local open = {sid}
for _, other in ipairs(raw[2] and cmsgpack.unpack(raw[2]) or {}) do
  if session(other) then
    open[#open + 1] = other
  else
    redis.call('HDEL', key, 's:' .. other, 'i:' .. other)
  end
end
sessions[sid] = {now + lease, 0, lease}
changed[sid] = true
redis.call('HSET', key, 'S', cmsgpack.pack(open), 'i:' .. sid, owner)
save_all({})
return {'ok', ver(sid)}
