-- Opens a session.
-- argv:  3 = session id (random, never used twice), 4 = lease in us, 5 = its owner, for messages
-- reply: 'ok', ver; or 'lost' if the session has been opened before and has expired
-- Repeated, it gives the same answer. It never revives an expired session. It succeeds also at maxmemory.
local sid, lease, owner = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local raw = redis.call('HMGET', key, 's:' .. sid, 'n')
if raw[1] then
  return learn(sid, raw[1]) and {'ok', ver(sid)} or {'lost'}
end
-- in a new bucket: count on from the bound that the last bucket has left
counter, counted = tonumber(raw[2] or redis.call('GET', bound) or '0'), true
sessions[sid] = {now + lease, 0, lease}
changed[sid] = true
save_all({})
redis.call('HSET', key, 'i:' .. sid, owner)
list(sessions[sid], sid)
raise_bound(math.max(counter, now + lease))
return {'ok', ver(sid)}
