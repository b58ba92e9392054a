-- Retires a sealed stream of which no call is left.
-- KEYS     1 calls, 2 state, 3 lows; then of each of its lanes owner, identities, marks, attempts, parked calls; all in
--          one slot
-- ARGV     1 how long the lanes' keys stay, in ms
-- Reply    {'WAITS', unfinished calls}, or {'OK', session, progress, session, progress, ..} of the lanes' numbered
--          sessions
-- Invariants: the check and the removal are one step, so that no repetition comes in between. What is left of the state
-- says for good which layout follows. Repeating it gives the same reply as long as the lanes' keys stay.
local state = redis.call('HMGET', KEYS[2], 'sent', 'finished', 'next', 'v', 'layout')
if not state[3] then
  return {'WAITS', '0'}
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  local left = tonumber(state[1] or '0') - tonumber(state[2] or '0')
  for key = 8, #KEYS, 5 do
    left = math.max(left, redis.call('HLEN', KEYS[key]))
  end
  if left > 0 then
    return {'WAITS', string.format('%.0f', left)}
  end
  redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
  redis.call('HSET', KEYS[2], 'v', state[4], 'layout', state[5], 'next', state[3])
  for key = 4, #KEYS do
    redis.call('PEXPIRE', KEYS[key], ARGV[1])
  end
end
local reply = {'OK'}
for key = 5, #KEYS, 5 do
  local all = redis.call('HGETALL', KEYS[key])
  for i = 1, #all, 2 do
    if string.sub(all[i], 15, 15) == '3' then
      reply[#reply + 1] = all[i]
      reply[#reply + 1] = all[i + 1]
    end
  end
end
return reply
