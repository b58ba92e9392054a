-- Looks up the fate of a call whose result is overdue.
-- KEYS     1 stream, 2 identities, 3 parked calls (all of one lane, one slot)
-- ARGV     1 the producer's session, 2 the call's sequence, 3 and 4 the stream id of its entry: milliseconds, sequence
-- Reply    {'LOST'} if Redis has lost the entry that it had confirmed, {'OVER'} if all calls of the entry have ended,
--          {'WAITS'} if the call may still run. Parked calls are not searched: while the lane has any, the call may run
-- Invariant: reads only.
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'LOST'}
end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then
    local ms, seq = string.match(info[i + 1], '^(%d+)-(%d+)$')
    ms, seq = tonumber(ms), tonumber(seq)
    if ms < tonumber(ARGV[3]) or ms == tonumber(ARGV[3]) and seq < tonumber(ARGV[4]) then
      return {'LOST'}
    end
  end
end
local identity = redis.call('HGET', KEYS[2], ARGV[1])
local reached = identity and tonumber(string.match(identity, '^(%d+) '))
if reached and reached >= tonumber(ARGV[2]) and redis.call('HLEN', KEYS[3]) == 0 then
  return {'OVER'}
end
return {'WAITS'}
