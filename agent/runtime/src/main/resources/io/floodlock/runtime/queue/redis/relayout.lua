-- Changes the layout of a queue, in steps.
-- KEYS[1]  the queue's hash
-- ARGV     1 step, 2 layout, 3 the layout that follows it
--          begin   it is to follow; producers of the old layout go on until each of its streams is sealed
--          switch  all streams are sealed: producers use the new layout, and calls of the old one run first
--          end     no call of the old one is left
-- Reply    {'OK', the layout that follows}, another one if another change had begun; {'BUSY', layout} if calls of a
--          former layout are left, or the layout is not that of the queue
-- Invariants: one change at a time. Each step is harmless if repeated, so that any JVM can finish what another began.
local found = redis.call('HMGET', KEYS[1], 'layout', 'next', 'former')
if ARGV[1] == 'begin' then
  if found[2] and found[1] == ARGV[2] then
    return {'OK', found[2]}
  end
  if found[3] or found[1] ~= ARGV[2] then
    return {'BUSY', found[3] or found[1] or ''}
  end
  redis.call('HSET', KEYS[1], 'next', ARGV[3])
elseif ARGV[1] == 'switch' then
  if found[1] == ARGV[2] and found[2] == ARGV[3] then
    redis.call('HSET', KEYS[1], 'layout', ARGV[3], 'former', ARGV[2])
    redis.call('HDEL', KEYS[1], 'next')
  end
elseif found[3] == ARGV[2] then
  redis.call('HDEL', KEYS[1], 'former')
end
return {'OK', ARGV[3]}
