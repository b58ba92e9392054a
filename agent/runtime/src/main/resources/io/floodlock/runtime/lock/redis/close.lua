-- Ends a session and with it all it holds, in one step however much that is: an absent session holds nothing.
-- argv:  3 = session id, 4 = '1' if nothing is left of it
-- reply: 'ok', '0 0'
-- Who waits for its locks finds out when it looks, or by clear.lua, which the JVM runs next for what it held.
redis.call('HDEL', key, 's:' .. ARGV[3], 'i:' .. ARGV[3])
if ARGV[4] == '1' then
  redis.call('ZREM', index, ARGV[3])
end
bury()
return {'ok', '0 0'}
