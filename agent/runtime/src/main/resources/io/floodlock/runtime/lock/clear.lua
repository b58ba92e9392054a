-- Clears locks that a session which has ended, or has shed them, has held; and who waits for them gets them.
-- argv:  3 = session id, then names
-- reply: 'ok', '0 0'
-- What others hold or wait for by now is left alone. Of the last session it removes the bucket.
local fields = {}
for i = 4, #ARGV do
  fields[#fields + 1] = 'l:' .. ARGV[i]
end
local raw = redis.call('HMGET', key, unpack(fields))
for i = 1, #fields do
  if raw[i] then
    clear_lock(ARGV[3 + i], raw[i])
  end
end
clear_all()
bury()
return {'ok', '0 0'}
