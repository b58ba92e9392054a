-- Raises the token counter to at least a given token that was seen elsewhere: Redis has lost data, and the store of
-- that token has not.
-- argv:  3 = the token
-- reply: 'ok', '0 0', the counter
counter = math.max(tonumber(redis.call('HGET', key, 'n') or '0'), tonumber(ARGV[3]))
spare()
raise_bound(counter)
if redis.call('EXISTS', key) == 1 then
  redis.call('HSET', key, 'n', number(counter))
end
return {'ok', '0 0', number(counter)}
