-- Adds a packed entry to a stream, and reads how many of its calls are unfinished.
-- KEYS     1 calls, 2 state (both of one stream, one slot)
-- ARGV     1 the layout that the producer knows, 2 number of calls (0 if only the counters are wanted), 3 the field
--          that holds an entry, 4 the entry's bytes, then the numbers of lanes whose load is wanted
-- Reply    {'OK', unfinished calls, id or '', load of each of these lanes}; {'MISSING'} if the stream does not exist;
--          {'LAYOUT', layout} if the queue has another one; {'ERROR', text}. The entry is stored if the reply is OK,
--          and only then
-- Invariants: an entry and its count of calls are stored together or not at all, so that sent less finished is the
-- number of unfinished calls whatever Redis loses. No stream takes entries of producers that know different layouts,
-- so that a key has one lane.
local wanted = {'layout', 'sent', 'finished'}
for i = 5, #ARGV do
  wanted[i - 1] = 'load:' .. ARGV[i]
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
local sent, id = tonumber(state[2] or '0'), ''
if ARGV[2] ~= '0' then
  id = redis.pcall('XADD', KEYS[1], 'NOMKSTREAM', '*', ARGV[3], ARGV[4])
  if not id then
    return {'MISSING'}
  end
  if type(id) == 'table' and id.err then
    return {'ERROR', id.err}
  end
  sent = redis.call('HINCRBY', KEYS[2], 'sent', ARGV[2])
elseif redis.call('EXISTS', KEYS[1]) == 0 then
  return {'MISSING'}
end
local reply = {'OK', string.format('%.0f', sent - tonumber(state[3] or '0')), id}
for i = 5, #ARGV do
  reply[i - 1] = state[i - 1] or '0'
end
return reply
