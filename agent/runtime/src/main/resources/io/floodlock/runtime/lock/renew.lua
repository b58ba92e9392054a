-- Lets a session live for another lease from now, however many locks it holds.
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
outlive(s)
raise_bound(math.max(counter, s[1]))
return {'ok', ver(sid), sweep_turn(raw[3], s) and '1' or '0'}
