-- Stores results for the JVM that made the calls, and publishes a hint.
-- KEYS[1]  the hash of the results of that JVM's session
-- ARGV     1 channel of the hint, 2 how long the hash is kept, in ms; then pairs: call id, record
-- Reply    {}
-- Invariants: repeated, it does no harm. It works although Redis is at maxmemory, because a call is finished, and its
-- memory is free, only after its result is stored: Redis then refuses only a script's first write, if that may need
-- memory, so the first one needs none.
redis.call('HDEL', KEYS[1], '')
for i = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PUBLISH', ARGV[1], '')
return {}
