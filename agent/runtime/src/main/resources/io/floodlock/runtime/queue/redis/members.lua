-- Registers a JVM as consumer of a queue, and lists all consumers. Stores the queue's layout again if it is lost.
-- KEYS     1 the queue's members, 2 the queue's hash (both in the queue's slot)
-- ARGV     1 the JVM's session, 2 how long the registration is valid in ms (0: the JVM leaves), 3 the JVM's text,
--          4 format version, 5 the layout that the JVM knows
-- Reply    {layout whose calls run, 1 if another one follows it, 1 if the queue is paused, number of paused keys, these
--          keys, session, text, session, text, ..}, with all members whose registration is valid
-- Invariants: a member that does not renew its registration is removed after that time, by the server's clock. An
-- existing layout is not changed. It works although Redis is at maxmemory.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- at maxmemory Redis refuses only a script's first write, if that may need memory: so the first one needs none
redis.call('HDEL', KEYS[1], '')
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[2]) .. ' ' .. ARGV[3])
  if redis.call('EXISTS', KEYS[2]) == 0 then
    redis.call('HSET', KEYS[2], 'v', ARGV[4], 'layout', ARGV[5])
  end
end
local queue = redis.call('HMGET', KEYS[2], 'layout', 'former', 'paused')
local reply = {queue[2] or queue[1] or '', queue[2] and '1' or '', queue[3] or '', 0}
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  if string.sub(field, 1, 7) == 'paused:' then
    reply[#reply + 1] = string.sub(field, 8)
  end
end
reply[4] = #reply - 4
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local space = string.find(all[i + 1], ' ', 1, true)
  local till = space and tonumber(string.sub(all[i + 1], 1, space - 1))
  -- an expiry further ahead than any JVM requests was stored before the clock was set back
  if till and till > now and till <= now + 3600000 then
    reply[#reply + 1] = all[i]
    reply[#reply + 1] = string.sub(all[i + 1], space + 1)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return reply
