-- Pauses a queue, or one key of it, or lets it go on: members.lua tells all consumers.
-- keys:  1 = queue
-- argv:  1 = field, paused or paused:<key>, 2 = 1 to pause, 0 to go on
-- reply: 1 if that changes the state, 0 if it was so; FULL if too many keys are paused
if ARGV[2] ~= '1' then
  return {redis.call('HDEL', KEYS[1], ARGV[1])}
end
if ARGV[1] ~= 'paused' and redis.call('HLEN', KEYS[1]) >= 1004 and not redis.call('HGET', KEYS[1], ARGV[1]) then
  return {'FULL'}
end
return {redis.call('HSETNX', KEYS[1], ARGV[1], '1')}
