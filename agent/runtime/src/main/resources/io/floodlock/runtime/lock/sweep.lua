-- Looks at some of a bucket's fields and clears what ended sessions left: nobody else would, where no one wants the key again.
-- argv:  3 = session id of the JVM that sweeps
-- reply: 'ok', ver, how much was cleared, '1' at the end of a round, else '0'; or 'lost'
-- The bucket says where to go on, whoever sweeps. As long as somebody does, nobody else's turn comes (renew.lua).
local sid = ARGV[3]
local at = redis.call('HGET', key, 'w')
local s = session(sid)
if not s then
  return {'lost'}
end
local from = at and string.match(at, ' (%d+)$') or '0'
local page = redis.call('HSCAN', key, from, 'COUNT', 16)
for i = 1, #page[2], 2 do
  local field, raw = page[2][i], page[2][i + 1]
  local kind, name = string.sub(field, 1, 2), string.sub(field, 3)
  if kind == 's:' then
    clear_session(name, raw)
  elseif kind == 'l:' then
    clear_lock(name, raw)
  elseif kind == 'e:' then
    clear_entry(string.match(name, '^[^ ]+'), string.match(name, '^[^ ]+ (.*)$'), raw)
  end
end
clear_all()
-- where there was no time for all of a page it is looked at again
local to = left < 0 and from or page[1]
redis.call('HSET', key, 'w', number(now + s[3] / 3) .. ' ' .. to)
return {'ok', ver(sid), number(cleared), left >= 0 and to == '0' and '1' or '0'}
