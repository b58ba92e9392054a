-- Seals a stream: from now on it takes only repetitions of entries that it may have.
-- KEYS     1 calls, 2 state (both of one stream, one slot)
-- ARGV     1 format version, 2 layout, 3 the layout that follows it
-- Invariants: a stream is sealed once. It exists until it is retired, so that it is not taken for a retired one.
if redis.call('HGET', KEYS[2], 'next') then
  return {'OK'}
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('XADD', KEYS[1], '0-1', '1', '')
  redis.call('XDEL', KEYS[1], '0-1')
end
redis.call('HSET', KEYS[2], 'v', ARGV[1], 'layout', ARGV[2], 'next', ARGV[3])
return {'OK'}
