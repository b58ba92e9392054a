-- Adds a packed entry to a stream, and reads how many of its calls are unfinished.
-- KEYS     1 calls, 2 state, then the dedup key of each call that may repeat another (all of one stream, one slot)
-- ARGV     1 the layout that the producer knows, 2 number of calls (0 if only the counters are wanted), 3 the field
--          that holds an entry, 4 the entry's bytes, 5 '1' if an earlier attempt may have stored it, 6 number of lanes
--          whose load is wanted, then these lanes, then for each dedup key the call's index in the entry, its id, and
--          the window in ms
-- Reply    {'OK', unfinished calls, id or '', load of each of these lanes}; {'MISSING'} if the stream does not exist;
--          {'LAYOUT', layout} if the queue has another one; {'SEALED'} if it gets another one, {'RETIRED'} if it has
--          got it and the stream is gone; {'ERROR', text}. The entry is stored if the reply is OK, and only then
-- Invariants: an entry and its count of calls are stored together or not at all, so that sent less finished is the
-- number of unfinished calls whatever Redis loses. No stream takes entries of producers that know different layouts,
-- so that a key has one lane. A call is left out if its dedup key holds the id of another call: its index is appended
-- to the entry, in a byte, and it is not counted. A repetition of an entry finds its own ids, so it leaves out no more.
-- A sealed stream takes only repetitions, as it may have the entry already.
local wanted = {'layout', 'sent', 'finished', 'next'}
local lanes = tonumber(ARGV[6])
for i = 1, lanes do
  wanted[i + 4] = 'load:' .. ARGV[i + 6]
end
local state = redis.pcall('HMGET', KEYS[2], unpack(wanted))
if state.err then
  return {'ERROR', state.err}
end
if not state[1] then
  return {'MISSING'}
end
if state[1] ~= ARGV[1] then
  return {'LAYOUT', state[1]}
end
if state[4] then
  if redis.call('EXISTS', KEYS[1]) == 0 then
    return {'RETIRED'}
  end
  if ARGV[2] ~= '0' and ARGV[5] ~= '1' then
    return {'SEALED'}
  end
end
local first, leftOut = {}, {}
for i = 3, #KEYS do
  local at = lanes + 3 * i - 2
  local holder = redis.pcall('GET', KEYS[i])
  if first[KEYS[i]] or type(holder) == 'string' and holder ~= ARGV[at + 1] then
    leftOut[#leftOut + 1] = string.char(ARGV[at])
  else
    first[KEYS[i]] = at
  end
end
local sent, id, stored = tonumber(state[2] or '0'), '', ARGV[2] - #leftOut
if stored > 0 then
  id = redis.pcall('XADD', KEYS[1], 'NOMKSTREAM', '*', ARGV[3], ARGV[4] .. table.concat(leftOut))
  if not id then
    return {'MISSING'}
  end
  if type(id) == 'table' and id.err then
    return {'ERROR', id.err}
  end
  sent = redis.call('HINCRBY', KEYS[2], 'sent', stored)
  for key, at in pairs(first) do
    redis.call('SET', key, ARGV[at + 1], 'PX', ARGV[at + 2])
  end
elseif redis.call('EXISTS', KEYS[1]) == 0 then
  return {'MISSING'}
end
local reply = {'OK', string.format('%.0f', sent - tonumber(state[3] or '0')), id}
for i = 1, lanes do
  reply[i + 3] = state[i + 4] or '0'
end
return reply
