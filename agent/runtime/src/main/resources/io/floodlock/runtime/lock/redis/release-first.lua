-- Gives grants back, whether they are held or still waited for, and grants each lock to the next waiter.
-- argv:  3 = session id, then pairs: grant id, name; each name once
-- reply: 'ok', ver, or 'lost', '0 0'; then how many grants there was time for, the first ones, at least one
-- For a grant that is not known (given back before, or replaced by a later one) it is a no-op.
--
-- The code below runs before the functions of rules.lua are created and before anything else is read: it gives back
-- sole holds that nobody waits for. The result is the same as that of release.lua, and most releases end here.
local sid, grants, names, fields = ARGV[3], {}, {}, {'s:' .. ARGV[3], 'n'}
for i = 4, #ARGV, 2 do
  grants[#grants + 1], names[#names + 1], fields[#fields + 1] = tonumber(ARGV[i]), ARGV[i + 1], 'l:' .. ARGV[i + 1]
end
local raw = redis.call('HMGET', key, unpack(fields))
do
  local s = raw[1] and cmsgpack.unpack(raw[1])
  local simple = sound(s)
  for i = 1, #grants do
    simple = simple and only(raw[i + 2], sid, grants[i])
  end
  if simple then
    local ver = s[2]
    s[2] = ver + #grants
    redis.call('HDEL', key, unpack(fields, 3))
    redis.call('HSET', key, fields[1], cmsgpack.pack(s))
    return {'ok', string.format('%d %d', ver, s[2]), string.format('%d', #grants)}
  end
end
