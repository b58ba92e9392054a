-- Clears what ended sessions left, a little at a time: nobody else would, where no one wants the key again. First come those
-- that have ended, then a round over all fields, as anything may be theirs.
-- argv:  3 = session id of the JVM that sweeps
-- reply: 'ok', ver, how much was cleared, '1' if nothing is left to do, else '0'; or 'lost'
-- The bucket says where to go on, whoever sweeps. As long as somebody does, nobody else's turn comes (renew.lua).
local sid = ARGV[3]
local raw = redis.call('HMGET', key, 's:' .. sid, 'w')
local s = learn(sid, raw[1])
if not s then
  return {'lost'}
end
w = sweeping(raw[2])
spare()
local ended = redis.call('ZRANGEBYSCORE', index, '-inf', number(now), 'LIMIT', '0', '4')
for _, member in ipairs(ended) do
  clear_listed(member)
end
local to
if #ended == 0 and w.rounds > 0 then
  local page = redis.call('HSCAN', key, w.from, 'COUNT', '8')
  to = page[1]
  for i = 1, #page[2], 2 do
    local field, value = page[2][i], page[2][i + 1]
    local kind, name = string.sub(field, 1, 2), string.sub(field, 3)
    if kind == 's:' then
      clear_session(name, value)
    elseif kind == 'l:' then
      clear_lock(name, value)
    elseif kind == 'e:' then
      clear_entry(string.match(name, '^[^ ]+'), string.match(name, '^[^ ]+ (.*)$'), value)
    end
  end
end
clear_all()
-- where there was no time for all of a page it is looked at again
if to and left >= 0 then
  w.from = to
  w.rounds = to == '0' and w.rounds - 1 or w.rounds
end
w.due = now + s[3] / 3
redis.call('HSET', key, 'w', packed(w))
return {'ok', ver(sid), number(cleared), #ended == 0 and w.rounds == 0 and '1' or '0'}
