-- Notifies a session that tries a lock that the holder uses it, and sets the holder's busy mark, so that the next
-- tries find it in the lock.
-- argv:  3 = session id, 4 = its grant id, 5 = name, 6 = the holder's session id, 7 = its grant id
-- reply: 'ok', '0 0'
-- It is a hint, as all pushes are: without it the session gives up a little later. A holder that must not be marked
-- passes grant id 0.
local lock = load(ARGV[6], ARGV[5])
local h = entry(lock, ARGV[6])
if h and h[4] ~= 0 and h[2] == tonumber(ARGV[7]) then
  h[8] = millis() + BUSY
  touch(lock, h)
end
save(lock)
push(ARGV[3], table.concat({'b', bucket, ARGV[3], ARGV[4], ARGV[5]}, ' '))
return {'ok', '0 0'}
