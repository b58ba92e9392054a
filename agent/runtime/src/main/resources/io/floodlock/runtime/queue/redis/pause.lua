-- Pauses a queue, or lets it go on: members.lua tells all consumers.
-- keys:  1 = queue
-- argv:  1 = 1 to pause, 0 to go on
-- reply: 1 if that changes the state, 0 if it was so
if ARGV[1] == '1' then
  return {redis.call('HSETNX', KEYS[1], 'paused', '1')}
end
return {redis.call('HDEL', KEYS[1], 'paused')}
