-- Tells a session that tries to take a lock that its holder uses it.
-- argv:  3 = session id, 4 = its grant id, 5 = name
-- reply: 'ok', '0 0'
-- It is a hint as all pushes are: without it the session gives up a little later.
push(ARGV[3], table.concat({'b', bucket, ARGV[3], ARGV[4], ARGV[5]}, ' '))
return {'ok', '0 0'}
