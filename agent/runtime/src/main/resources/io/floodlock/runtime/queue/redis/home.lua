-- The database that records which calls of a queue have run.
-- keys:  1 = queue
-- argv:  1 = the id to store unless one is stored; empty to store none
-- reply: the id that is stored; empty for none
if ARGV[1] ~= '' then
  redis.call('HSETNX', KEYS[1], 'home', ARGV[1])
end
return {redis.call('HGET', KEYS[1], 'home') or ''}
