-- Tells a session that tries to take a lock that its holder uses it, and lets those who try next find that in the lock.
-- argv:  3 = session id, 4 = its grant id, 5 = name, 6 = the holder's session id, 7 = its grant id
-- reply: 'ok', '0 0'
-- It is a hint as all pushes are: without it the session gives up a little later. A holder that isn't to be marked gives 0.
local lock, grant = load(ARGV[6], ARGV[5]), tonumber(ARGV[7])
for _, h in ipairs(lock.holders) do
  if h[1] == ARGV[6] and h[2] == grant then
    h[8] = math.floor(now / 1000) + WORD
    lock.dirty = true
  end
end
save(lock)
push(ARGV[3], table.concat({'b', bucket, ARGV[3], ARGV[4], ARGV[5]}, ' '))
return {'ok', '0 0'}
