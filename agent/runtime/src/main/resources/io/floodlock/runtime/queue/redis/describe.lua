-- Reads the layout of a queue, and stores it if the queue is new.
-- KEYS[1]  the queue's hash (in a slot of its own)
-- ARGV     1 format version, 2 layout of a new queue, 3 a layout that was found to be wrong, or '', 4 a former layout
--          that was found to have calls, or ''
-- Reply    {version, layout, the layout that it is to get or '', the former one that has calls or ''}, as stored
-- Invariants: version and layout of an existing queue are changed only if the layout is the wrong one. A layout that
-- exists is read without a write, so that this works although Redis is at maxmemory.
local found = redis.call('HMGET', KEYS[1], 'v', 'layout', 'next', 'former')
if not found[1] or found[1] == ARGV[1] and (not found[2] or found[2] == ARGV[3] and not found[3]) then
  redis.call('HSET', KEYS[1], 'v', ARGV[1], 'layout', ARGV[2])
  found = {ARGV[1], ARGV[2], false, found[4]}
end
if ARGV[4] ~= '' and ARGV[2] == found[2] and not found[4] then
  redis.call('HSET', KEYS[1], 'former', ARGV[4])
  found[4] = ARGV[4]
end
return {found[1], found[2] or '', found[3] or '', found[4] or ''}
