-- Gives back all that a session has under grant ids up to a given one, however much that is, except for the grants
-- named.
-- argv:  3 = session id, 4 = the grant id, then the grant ids to keep
-- reply: 'ok', ver; or 'lost'
-- Waiters for its locks find out when they look, or by clear.lua, which the JVM runs next for what the session held.
local sid, kept = ARGV[3], {}
local s = session(sid)
if not s then
  return {'lost'}
end
for i = 5, #ARGV do
  kept[#kept + 1] = tonumber(ARGV[i])
end
s[4], s[5] = tonumber(ARGV[4]), kept
raise_ver(sid)
save_all({})
-- for the case that the JVM dies before that
local w = sweeping(redis.call('HGET', key, 'w'))
request_round(w)
redis.call('HSET', key, 'w', packed(w))
return {'ok', ver(sid)}
