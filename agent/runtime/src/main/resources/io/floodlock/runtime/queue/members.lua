-- A JVM says that it consumes a queue, and learns who else does.
-- KEYS[1]  the queue's members (in the queue's slot)
-- ARGV     1 the JVM's session, 2 how long its word stands in ms (0: it leaves), 3 what it says of itself
-- Reply    {session, text, session, text, ..} of all members whose word stands
-- Invariant: a member that falls silent is gone after its time, by the server's clock.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[2]) .. ' ' .. ARGV[3])
end
local reply = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local space = string.find(all[i + 1], ' ', 1, true)
  local till = space and tonumber(string.sub(all[i + 1], 1, space - 1))
  -- a time further ahead than anybody asks for comes from a clock that has been set back since
  if till and till > now and till <= now + 3600000 then
    reply[#reply + 1] = all[i]
    reply[#reply + 1] = string.sub(all[i + 1], space + 1)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return reply
