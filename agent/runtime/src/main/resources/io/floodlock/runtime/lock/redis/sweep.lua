-- Clears what ended sessions have left, a little at a time. Without this, it would stay stored if nobody wants the
-- keys again. It first clears the sessions listed as expired, then makes a round over all fields, because any of them
-- may belong to an ended session.
-- argv:  3 = session id of the JVM that sweeps
-- reply: 'ok', ver, how much was cleared, '1' if nothing is left to do, else '0'; or 'lost'
-- The bucket stores where to continue, whichever JVM sweeps. As long as one JVM sweeps, no other gets a turn
-- (renew.lua).
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
-- if there was no time for all of a page, the same page is read again
if to and left >= 0 then
  w.from = to
  w.rounds = to == '0' and w.rounds - 1 or w.rounds
end
w.due = now + s[3] / 3
redis.call('HSET', key, 'w', packed(w))
return {'ok', ver(sid), number(cleared), #ended == 0 and w.rounds == 0 and '1' or '0'}
