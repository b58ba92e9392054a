-- Extends a session by another lease from now, however many locks it holds.
-- argv:  3 = session id
-- reply: 'ok', ver, '1' if it is this JVM's turn to sweep the bucket (sweep.lua), else '0'; or 'lost'
-- A session that has expired or is absent stays so.
local sid = ARGV[3]
local raw = redis.call('HMGET', key, 's:' .. sid, 'n', 'w')
local s = learn(sid, raw[1])
if not s then
  return {'lost'}
end
counter = tonumber(raw[2] or '0')
s[1] = now + s[3]
changed[sid] = true
save_all({})
raise_bound(math.max(counter, s[1]))

-- One JVM sweeps a bucket at a time, and none as long as nothing may have been left.
local w = sweeping(raw[3])
local lost = list(s, sid)
if lost then
  request_round(w)
end
-- a turn further in the future than it can be: the clock has stepped back
local turn = (now >= w.due or w.due >= now + 10 * s[3])
  and (w.rounds > 0 or #redis.call('ZRANGEBYSCORE', index, '-inf', number(now), 'LIMIT', '0', '1') > 0)
if turn then
  w.due = now + s[3] / 3
end
if turn or lost then
  redis.call('HSET', key, 'w', packed(w))
end
return {'ok', ver(sid), turn and '1' or '0'}
