-- Looks up the fate of a call whose result is overdue.
-- KEYS     1 stream, 2 identities, 3 parked calls (all of one lane, one slot)
-- ARGV     1 the producer's session, 2 the call's sequence, 3 the stream id of its entry
-- Reply    {'LOST'} if Redis has lost the entry that it had confirmed, {'OVER'} if all calls of the entry have ended,
--          {'WAITS'} if the call may still run. Parked calls are not searched: while the lane has any, the call may run
-- Invariants: reads only. An entry is trimmed in the same step that stores its producer's position, so an entry that is
-- not there and that the position has not reached is lost.
if #redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3]) > 0 or redis.call('HLEN', KEYS[3]) > 0 then
  return {'WAITS'}
end
local identity = redis.call('HGET', KEYS[2], ARGV[1])
local reached = identity and tonumber(string.match(identity, '^(%d+) '))
if reached and reached >= tonumber(ARGV[2]) then
  return {'OVER'}
end
return {'LOST'}
