-- Ends a session and with it all its holds, in one step however many there are: an absent session holds nothing.
-- argv:  3 = session id, 4 = '1' if nothing of the session is left
-- reply: 'ok', '0 0'
-- Waiters for its locks find out when they look, or by clear.lua, which the JVM runs next for what the session held.
redis.call('HDEL', key, 's:' .. ARGV[3], 'i:' .. ARGV[3])
if ARGV[4] == '1' then
  redis.call('ZREM', index, ARGV[3])
end
bury()
return {'ok', '0 0'}
