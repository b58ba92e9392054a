-- Reads the layout of a queue, and stores it if the queue is new.
-- KEYS[1]  the queue's hash (in a slot of its own)
-- ARGV     1 format version, 2 lanes of a new queue, 3 a number of lanes that was found to be wrong, or ''
-- Reply    {version, lanes}, as stored
-- Invariants: version and lanes of an existing queue are changed only if the number is the wrong one. A layout that
-- exists is read without a write, so that this works although Redis is at maxmemory.
local found = redis.call('HMGET', KEYS[1], 'v', 'lanes')
if not found[1] or not found[2] or found[1] == ARGV[1] and found[2] == ARGV[3] then
  redis.call('HSET', KEYS[1], 'v', found[1] or ARGV[1], 'lanes', ARGV[2])
  return redis.call('HMGET', KEYS[1], 'v', 'lanes')
end
return found
