-- Makes a JVM the lane's owner and returns the lane's state.
-- KEYS     1 calls, 2 state, 3 lows (of the lane's stream), 4 owner, 5 identities, 6 marks, 7 attempts, 8 parked calls
--          (of the lane); all in one slot
-- ARGV     1 epoch: the token of the lane's lock, 2 the owner's session, 3 format version, 4 the lane's number
-- Reply    {'STALE', epoch} if a later owner has taken over, {'VERSION', v} if another format is stored, {'RETIRED'} if
--          the queue has another layout and no call of this one is left, else
--          {'OK', previous owner, low, ordinal, reserved, last id, identities, marks, attempts, fields of parked calls}
-- Invariants: the epoch only grows. From here on every script of an earlier owner is refused. It works although Redis
-- is at maxmemory.
local version = redis.call('HGET', KEYS[2], 'v')
if version and version ~= ARGV[3] then
  return {'VERSION', version}
end
if redis.call('HGET', KEYS[2], 'next') and redis.call('EXISTS', KEYS[1]) == 0 then
  return {'RETIRED'}
end
local state = redis.call('HMGET', KEYS[4], 'epoch', 'owner', 'ordinal', 'reserved')
if state[1] and tonumber(state[1]) > tonumber(ARGV[1]) then
  return {'STALE', state[1]}
end
-- at maxmemory Redis refuses only a script's first write, if that may need memory: so the first one needs none
redis.call('HDEL', KEYS[4], '')
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('XADD', KEYS[1], '0-1', '1', '')
  redis.call('XDEL', KEYS[1], '0-1')
end
-- changes are counted from each takeover
redis.call('HSET', KEYS[4], 'epoch', ARGV[1], 'owner', ARGV[2], 'change', '0')
redis.call('HSET', KEYS[2], 'v', ARGV[3], 'parked:' .. ARGV[4], redis.call('HLEN', KEYS[8]))
local last = '0-0'
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then
    last = info[i + 1]
  end
end
return {
  'OK', state[2] or '', redis.call('HGET', KEYS[3], ARGV[4]) or '0-0', state[3] or '0', state[4] or ';', last,
  redis.call('HGETALL', KEYS[5]), redis.call('HGETALL', KEYS[6]), redis.call('HGETALL', KEYS[7]),
  redis.call('HKEYS', KEYS[8])
}
