-- Creates one lane if it is missing: its stream, empty, so that producers can add with NOMKSTREAM, and the number of
-- lanes for which it is laid out.
-- KEYS     1 stream, 2 state, 3 parked calls (all of one lane, one slot)
-- ARGV     1 format version, 2 number of lanes
-- Reply    {number of lanes for which the lane is laid out}
-- Invariants: an existing stream is not changed. A lane that holds calls keeps its number of lanes. A stream that was
-- missing holds no call, so only parked calls count as unfinished from then on. A lane that exists is read without a
-- write, so that this works although Redis is at maxmemory.
local state = redis.call('HMGET', KEYS[2], 'lanes', 'finished')
local missing = redis.call('EXISTS', KEYS[1]) == 0
if not missing and state[1] == ARGV[2] then
  return {state[1]}
end
local parked = redis.call('HLEN', KEYS[3])
if missing then
  redis.call('XADD', KEYS[1], '0-1', '1', '')
  redis.call('XDEL', KEYS[1], '0-1')
  redis.call('HSET', KEYS[2], 'sent', string.format('%.0f', tonumber(state[2] or '0') + parked))
end
if state[1] and (parked > 0 or redis.call('XLEN', KEYS[1]) > 0) then
  return {state[1]}
end
redis.call('HSETNX', KEYS[2], 'v', ARGV[1])
redis.call('HSET', KEYS[2], 'lanes', ARGV[2])
return {ARGV[2]}
