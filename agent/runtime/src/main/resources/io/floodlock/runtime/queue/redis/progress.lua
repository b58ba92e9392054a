-- Stores changes of lanes of one stream by their owner: the calls that finished, failed, were parked or died since the
-- last change of the lane. Then trims the stream.
-- KEYS     1 calls, 2 state, 3 lows (of the stream); then for each change: owner, identities, marks, attempts, parked
--          calls, dead letters of its lane; all in one slot
-- ARGV     1 '1' if the last id of the stream is wanted, 2 number of lanes of the stream, then their numbers; then for
--          each change: the lane's number, epoch, number of the change (1, 2, .. since the takeover), low, ordinal,
--          number of calls that finished, load, reserved, '1' if the owner leaves; then nine lists, each preceded by
--          its length: marks to set (entry, bits), marks to drop (entry), identities to set (session, text), sessions
--          to forget, attempts to set (call, text), attempts to drop (call), parked calls to set (field, record), to
--          drop (field), dead letters (record)
-- Reply    {last id ('0-0' if the stream is gone) or '', then for each change: 'OK'; 'LOST epoch' if another JVM owns
--          the lane; 'GAP number' if Redis has lost an earlier change; 'ERROR text'}
-- Invariants: nothing is written for a lane unless the epoch is the owner's. A change is applied once, even if it is
-- repeated. It is applied as a whole, so that an unfinished call is always in exactly one of stream, parked calls and
-- dead letters. An error of one lane does not concern the others. Entries are trimmed only where no lane of the stream
-- has an unfinished call, never by length. The first write needs no memory, because Redis at maxmemory refuses only a
-- script's first write: so a full Redis can be drained.
local at = 3 + tonumber(ARGV[2])
local applied = {}
-- The numbers of the changes that this run has applied, by owner.
local numbers = {}

-- Reads one change from ARGV; the lists as index of the first item, and number of items.
local function read()
  local change = {
    lane = ARGV[at], epoch = ARGV[at + 1], number = ARGV[at + 2], low = ARGV[at + 3], ordinal = ARGV[at + 4],
    finished = ARGV[at + 5], load = ARGV[at + 6], reserved = ARGV[at + 7], leaves = ARGV[at + 8], lists = {}
  }
  at = at + 9
  for list, width in ipairs({2, 1, 2, 1, 2, 1, 2, 1, 1}) do
    local items = tonumber(ARGV[at]) * width
    change.lists[list] = {from = at + 1, to = at + items, width = width}
    at = at + items + 1
  end
  return change
end

local function each(list, act)
  for i = list.from, list.to, list.width do
    act(ARGV[i], ARGV[i + 1])
  end
end

local function apply(change, identities, marks, attempts, parked, dead)
  local lists = change.lists
  each(lists[1], function(entry, bits) redis.call('HSET', marks, entry, bits) end)
  each(lists[2], function(entry) redis.call('HDEL', marks, entry) end)
  each(lists[3], function(session, text) redis.call('HSET', identities, session, text) end)
  each(lists[4], function(session) redis.call('HDEL', identities, session) end)
  each(lists[5], function(call, text) redis.call('HSET', attempts, call, text) end)
  each(lists[6], function(call) redis.call('HDEL', attempts, call) end)
  each(lists[7], function(field, record) redis.call('HSET', parked, field, record) end)
  each(lists[8], function(field) redis.call('HDEL', parked, field) end)
  each(lists[9], function(record) redis.call('XADD', dead, '*', '1', record) end)
  if lists[7].to >= lists[7].from or lists[8].to >= lists[8].from then
    redis.call('HSET', KEYS[2], 'parked:' .. change.lane, redis.call('HLEN', parked))
  end
end

local function store(change, key)
  local owner = KEYS[key]
  local state = redis.call('HMGET', owner, 'epoch', 'change')
  if not state[1] or state[1] ~= change.epoch then
    return 'LOST ' .. (state[1] or '')
  end
  local number = tonumber(change.number)
  local stored = numbers[owner] or tonumber(state[2] or '0')
  if stored < number - 1 then
    return 'GAP ' .. string.format('%.0f', stored)
  end
  if stored < number then
    apply(change, KEYS[key + 1], KEYS[key + 2], KEYS[key + 3], KEYS[key + 4], KEYS[key + 5])
    change.owner = owner
    numbers[owner] = number
    applied[#applied + 1] = change
  end
  return 'OK'
end

-- Stores what the applied changes have in common with one call for all lanes, and the numbers of the changes at the
-- end: until then a repetition applies them again.
local function finish()
  local lows, loads, finished = {}, {}, 0
  for i, change in ipairs(applied) do
    lows[2 * i - 1], lows[2 * i] = change.lane, change.low
    loads[2 * i - 1], loads[2 * i] = 'load:' .. change.lane, change.load
    finished = finished + tonumber(change.finished)
  end
  redis.call('HSET', KEYS[3], unpack(lows))
  redis.call('HSET', KEYS[2], unpack(loads))
  if finished > 0 then
    redis.call('HINCRBY', KEYS[2], 'finished', string.format('%.0f', finished))
  end
  for _, change in ipairs(applied) do
    redis.call('HSET', change.owner, 'ordinal', change.ordinal, 'reserved', change.reserved, 'change', change.number)
    if change.leaves == '1' then
      redis.call('HDEL', change.owner, 'owner')
    end
  end
end

-- The stream id below which, itself included, no lane has work, and a lane of which it is the low.
local function least(lanes, lows)
  local low, lane, millis, sequence
  for i = 1, #lanes do
    if not lows[i] then
      return nil
    end
    local dash = string.find(lows[i], '-', 1, true)
    local m, s = tonumber(string.sub(lows[i], 1, dash - 1)), tonumber(string.sub(lows[i], dash + 1))
    if not low or m < millis or m == millis and s < sequence then
      low, lane, millis, sequence = lows[i], lanes[i], m, s
    end
  end
  return low, lane, millis, sequence
end

redis.call('HDEL', KEYS[2], '')
local holds = redis.call('HGET', KEYS[2], 'least')
local moved = {}
local reply = {''}
for key = 4, #KEYS, 6 do
  local change = read()
  moved[change.lane] = true
  local done, answer = pcall(store, change, key)
  if not done then
    answer = 'ERROR ' .. (type(answer) == 'table' and answer.err or tostring(answer))
  end
  reply[#reply + 1] = answer
end
if #applied > 0 then
  finish()
end
local function trim()
  local lanes = {}
  for i = 1, tonumber(ARGV[2]) do
    lanes[i] = ARGV[2 + i]
  end
  local low, lane, millis, sequence = least(lanes, redis.call('HMGET', KEYS[3], unpack(lanes)))
  if not low then
    return
  end
  redis.call('HSET', KEYS[2], 'least', lane)
  if low ~= '0-0' then
    redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-%.0f', millis, sequence + 1))
  end
  if redis.call('XLEN', KEYS[1]) > 0 then
    return
  end
  -- only parked calls are unfinished: a difference that lost data has left in the counters ends here
  local fields = {'finished'}
  for i = 1, #lanes do
    fields[i + 1] = 'parked:' .. lanes[i]
  end
  local sent = 0
  for _, count in ipairs(redis.call('HMGET', KEYS[2], unpack(fields))) do
    sent = sent + (tonumber(count or '0') or 0)
  end
  redis.call('HSET', KEYS[2], 'sent', string.format('%.0f', sent))
end

-- as long as the lane with the least low has not moved, nothing can be trimmed
if not holds or moved[holds] then
  trim()
end
if ARGV[1] == '1' then
  reply[1] = '0-0'
end
if ARGV[1] == '1' and redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      reply[1] = info[i + 1]
    end
  end
end
return reply
