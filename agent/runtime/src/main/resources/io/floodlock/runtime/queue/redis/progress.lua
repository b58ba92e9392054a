-- Stores one change of the lane's owner: the calls that finished, failed, were parked or died since the last.
-- KEYS     1 stream, 2 state, 3 identities, 4 marks, 5 attempts, 6 parked calls, 7 dead letters (all of one lane, one
--          slot)
-- ARGV     1 epoch, 2 number of the change (1, 2, .. since the takeover), 3 low, 4 id of the first entry to keep,
--          5 ordinal, 6 finished, 7 reserved, 8 '1' if the owner leaves; then nine lists, each preceded by its length:
--          marks to set (entry, bits), marks to drop (entry), identities to set (session, text), sessions to forget,
--          attempts to set (call, text), attempts to drop (call), parked calls to set (field, record), to drop (field),
--          dead letters (record)
-- Reply    {'OK', last id}, {'LOST', epoch} if another JVM owns the lane, {'GAP', number} if Redis has lost an earlier
--          change
-- Invariants: nothing is written unless the epoch is the owner's. A change is applied once, even if it is repeated. It
-- is applied as a whole, so that an unfinished call is always in exactly one of stream, parked calls and dead letters.
-- Entries are trimmed only below the first unfinished one, never by length. The first write is the trim, because Redis
-- at maxmemory refuses only a script's first write: so a full Redis can be drained.
local state = redis.call('HMGET', KEYS[2], 'epoch', 'change')
if not state[1] or state[1] ~= ARGV[1] then
  return {'LOST', state[1] or ''}
end
local number = tonumber(ARGV[2])
local stored = tonumber(state[2] or '0')
if stored < number - 1 then
  return {'GAP', state[2]}
end
if stored < number then
  redis.call('XTRIM', KEYS[1], 'MINID', ARGV[4])
  redis.call('HSET', KEYS[2], 'change', ARGV[2], 'low', ARGV[3], 'ordinal', ARGV[5], 'finished', ARGV[6],
    'reserved', ARGV[7])
  if ARGV[8] == '1' then
    redis.call('HDEL', KEYS[2], 'owner')
  end
  local at = 9
  local function each(width, act)
    local last = at + tonumber(ARGV[at]) * width
    for i = at + 1, last, width do
      act(ARGV[i], ARGV[i + 1])
    end
    at = last + 1
  end
  each(2, function(entry, bits) redis.call('HSET', KEYS[4], entry, bits) end)
  each(1, function(entry) redis.call('HDEL', KEYS[4], entry) end)
  each(2, function(session, text) redis.call('HSET', KEYS[3], session, text) end)
  each(1, function(session) redis.call('HDEL', KEYS[3], session) end)
  each(2, function(call, text) redis.call('HSET', KEYS[5], call, text) end)
  each(1, function(call) redis.call('HDEL', KEYS[5], call) end)
  each(2, function(field, record) redis.call('HSET', KEYS[6], field, record) end)
  each(1, function(field) redis.call('HDEL', KEYS[6], field) end)
  each(1, function(record) redis.call('XADD', KEYS[7], '*', '1', record) end)
  if redis.call('XLEN', KEYS[1]) == 0 then
    -- only parked calls are unfinished: a difference that lost data has left in the counters ends here
    redis.call('HSET', KEYS[2], 'sent', string.format('%.0f', tonumber(ARGV[6]) + redis.call('HLEN', KEYS[6])))
  end
end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then
    return {'OK', info[i + 1]}
  end
end
return {'OK', '0-0'}
