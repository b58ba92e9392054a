-- Looks up the fate of a call whose result is overdue.
-- KEYS     1 calls, 2 lows (of the lane's stream), 3 identities, 4 parked calls (of the lane), 5 state (of the stream);
--          all in one slot
-- ARGV     1 the producer's session, 2 the call's sequence, or its number in a numbered session, 3 the stream id of its
--          entry, 4 the lane's number
-- Reply    {'LOST'} if Redis has lost the entry that it had confirmed, {'OVER'} if the call has ended, and all calls of
--          the session before it in this lane, {'WAITS'} if the call may still run. Parked calls are not searched:
--          while the lane has any, the call may run
-- Invariants: reads only. The lane's low passes an entry in the same step that stores its producer's position, and an
-- entry is trimmed no sooner. So the call has left the stream once the position has reached it, whichever of several
-- entries with the call has been passed. And an entry is lost if the position has not reached its call, and it is not
-- there, or not above low.
local function passed(low)
  local dash, other = string.find(low, '-', 1, true), string.find(ARGV[3], '-', 1, true)
  local millis, millis2 = tonumber(string.sub(low, 1, dash - 1)), tonumber(string.sub(ARGV[3], 1, other - 1))
  return millis > millis2
    or millis == millis2 and tonumber(string.sub(low, dash + 1)) >= tonumber(string.sub(ARGV[3], other + 1))
end

if redis.call('HLEN', KEYS[4]) > 0 then
  return {'WAITS'}
end
if redis.call('HGET', KEYS[5], 'next') and redis.call('EXISTS', KEYS[1]) == 0 then
  -- the queue has another layout since all calls of this one have ended
  return {'OVER'}
end
local identity = redis.call('HGET', KEYS[3], ARGV[1])
local reached = identity and tonumber(string.match(identity, '^(%d+) '))
if reached and reached >= tonumber(ARGV[2]) then
  return {'OVER'}
end
local low = redis.call('HGET', KEYS[2], ARGV[4]) or '0-0'
if not passed(low) and #redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3]) > 0 then
  return {'WAITS'}
end
return {'LOST'}
