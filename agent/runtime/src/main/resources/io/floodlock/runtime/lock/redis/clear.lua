-- Clears the locks that a session held which has ended or has shed them, and grants them to waiters.
-- argv:  3 = session id, 4 = '1' if nothing else of the session is stored, then names
-- reply: 'ok', '0 0', how many of the names there was time for, at least one
-- What others hold or wait for by now is left unchanged. If nothing of any session is left, it removes the bucket.
local fields = {}
for i = 5, #ARGV do
  fields[#fields + 1] = 'l:' .. ARGV[i]
end
local raw = redis.call('HMGET', key, unpack(fields))
local done = 0
for i = 1, #fields do
  if raw[i] then
    clear_lock(ARGV[4 + i], raw[i])
  end
  if left < 0 then
    break
  end
  done = i
end
clear_all()
if ARGV[4] == '1' and done == #fields then
  redis.call('ZREM', index, ARGV[3])
end
bury()
return {'ok', '0 0', number(done)}
