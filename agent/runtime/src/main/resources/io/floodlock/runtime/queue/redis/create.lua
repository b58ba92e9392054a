-- Creates one stream if it is missing, empty, so that producers can add with NOMKSTREAM, and stores the layout for
-- which it takes entries. Looks only, if the layout does not use the stream.
-- KEYS     1 calls, 2 state, 3 calls and 4 state of the stream with that number in the layout before (all of one slot)
-- ARGV     1 format version, 2 layout, 3 '1' if the layout uses the stream
-- Reply    {layout for which the stream is laid out, former layout or ''}; the given one if it holds no calls; the next
--          one if the stream is sealed; a former layout if calls of it may be left
-- Invariants: an existing stream is not changed. A stream that holds calls, or whose lanes have parked calls, keeps its
-- layout. A stream that was missing holds no call, so only parked calls count as unfinished from then on. A stream that
-- exists is read without a write, so that this works although Redis is at maxmemory.
local state = redis.call('HMGET', KEYS[2], 'layout', 'sent', 'finished', 'next')
local before = redis.call('HMGET', KEYS[4], 'layout', 'next')
local former = before[2] and before[2] == ARGV[2] and redis.call('EXISTS', KEYS[3]) == 1 and before[1] or ''
local missing = redis.call('EXISTS', KEYS[1]) == 0
if state[4] then
  return {state[4], missing and '' or state[1]}
end
if not missing and state[1] == ARGV[2] then
  return {state[1], former}
end
local parked = 0
local all = redis.call('HGETALL', KEYS[2])
for i = 1, #all, 2 do
  if string.sub(all[i], 1, 7) == 'parked:' then
    parked = parked + tonumber(all[i + 1])
  end
end
local holds = state[1] and (parked > 0 or not missing and redis.call('XLEN', KEYS[1]) > 0)
if holds and state[1] ~= ARGV[2] then
  return {state[1], ''}
end
if ARGV[3] == '0' then
  return {ARGV[2], former}
end
if missing then
  redis.call('XADD', KEYS[1], '0-1', '1', '')
  redis.call('XDEL', KEYS[1], '0-1')
  redis.call('HSET', KEYS[2], 'sent', string.format('%.0f', tonumber(state[3] or '0') + parked))
end
redis.call('HSETNX', KEYS[2], 'v', ARGV[1])
redis.call('HSET', KEYS[2], 'layout', ARGV[2])
redis.call('HDEL', KEYS[2], 'least')
return {ARGV[2], former}
