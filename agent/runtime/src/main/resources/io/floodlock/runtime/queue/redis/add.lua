-- Adds packed entries to lanes, and reads how many calls of these lanes are unfinished.
-- KEYS     for each lane: its stream, its state (on a cluster: lanes of one slot)
-- ARGV     1 number of lanes that the producer knows; then for each lane: number of calls, the entry's bytes (0 and ''
--          if only the counters are wanted), 2 + 2 * lanes the field that holds an entry
-- Reply    for each lane a list: {'OK', unfinished calls, id or ''}; {'MISSING'} if the lane does not exist;
--          {'LANES', number} if the queue has another number of lanes; {'ERROR', text}. An entry is stored if its lane
--          says OK, and only then
-- Invariants: an entry and its count of calls are stored together or not at all, so that sent less finished is the
-- number of unfinished calls whatever Redis loses. No lane takes entries of producers that know different numbers of
-- lanes, so that a key has one lane. An error of one lane does not concern the others.
local field = ARGV[#ARGV]

local function add(stream, state, calls, entry)
  local stored = redis.pcall('HMGET', state, 'lanes', 'sent', 'finished')
  if stored.err then
    return {'ERROR', stored.err}
  end
  if not stored[1] then
    return {'MISSING'}
  end
  if stored[1] ~= ARGV[1] then
    return {'LANES', stored[1]}
  end
  local sent, id = tonumber(stored[2] or '0'), ''
  if calls > 0 then
    id = redis.pcall('XADD', stream, 'NOMKSTREAM', '*', field, entry)
    if not id then
      return {'MISSING'}
    end
    if type(id) == 'table' and id.err then
      return {'ERROR', id.err}
    end
    sent = redis.call('HINCRBY', state, 'sent', calls)
  end
  return {'OK', string.format('%.0f', sent - tonumber(stored[3] or '0')), id}
end

local reply = {}
for lane = 1, #KEYS / 2 do
  reply[lane] = add(KEYS[2 * lane - 1], KEYS[2 * lane], tonumber(ARGV[2 * lane]), ARGV[2 * lane + 1])
end
return reply
