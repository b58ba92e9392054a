-- Makes a JVM the lane's owner and returns the lane's state.
-- KEYS     1 stream, 2 state, 3 identities, 4 marks, 5 attempts, 6 parked calls (all of one lane, one slot)
-- ARGV     1 epoch: the token of the lane's lock, 2 the owner's session, 3 format version
-- Reply    {'STALE', epoch} if a later owner has taken over, {'VERSION', v} if another format is stored, else
--          {'OK', previous owner, low, ordinal, finished, reserved, last id,
--           identities, marks, attempts, fields of parked calls}
-- Invariants: the epoch only grows. From here on every script of an earlier owner is refused. It works although Redis
-- is at maxmemory.
local state = redis.call('HMGET', KEYS[2], 'v', 'epoch', 'owner', 'low', 'ordinal', 'finished', 'reserved')
if state[1] and state[1] ~= ARGV[3] then
  return {'VERSION', state[1]}
end
if state[2] and tonumber(state[2]) > tonumber(ARGV[1]) then
  return {'STALE', state[2]}
end
-- at maxmemory Redis refuses only a script's first write, if that may need memory: so the first one needs none
redis.call('HDEL', KEYS[2], '')
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('XADD', KEYS[1], '0-1', '1', '')
  redis.call('XDEL', KEYS[1], '0-1')
end
if redis.call('XLEN', KEYS[1]) == 0 then
  -- only parked calls are unfinished, whatever has been lost
  redis.call('HSET', KEYS[2], 'sent',
    string.format('%.0f', tonumber(state[6] or '0') + redis.call('HLEN', KEYS[6])))
end
-- changes are counted from each takeover
redis.call('HSET', KEYS[2], 'v', ARGV[3], 'epoch', ARGV[1], 'owner', ARGV[2], 'change', '0')
local last = '0-0'
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then
    last = info[i + 1]
  end
end
return {
  'OK', state[3] or '', state[4] or '0-0', state[5] or '0', state[6] or '0', state[7] or ';', last,
  redis.call('HGETALL', KEYS[3]), redis.call('HGETALL', KEYS[4]), redis.call('HGETALL', KEYS[5]),
  redis.call('HKEYS', KEYS[6])
}
