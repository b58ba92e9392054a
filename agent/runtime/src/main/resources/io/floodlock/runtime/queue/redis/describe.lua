-- Reads the layout of a queue, and stores it if the queue is new.
-- KEYS[1]  the queue's hash (in a slot of its own)
-- ARGV     1 format version, 2 lanes of a new queue
-- Reply    {version, lanes}, as stored
-- Invariant: version and lanes of an existing queue are never changed here.
redis.call('HSETNX', KEYS[1], 'v', ARGV[1])
redis.call('HSETNX', KEYS[1], 'lanes', ARGV[2])
return redis.call('HMGET', KEYS[1], 'v', 'lanes')
