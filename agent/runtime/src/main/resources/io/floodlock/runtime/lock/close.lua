-- Ends a session and with it all it holds, in one step however much that is: an absent session holds nothing.
-- argv:  3 = session id
-- reply: 'ok', '0 0'
-- Those who wait for its locks aren't known here; all JVMs hear that they should look.
local sid = ARGV[3]
local open = {}
for _, other in ipairs(cmsgpack.unpack(redis.call('HGET', key, 'S') or cmsgpack.pack({}))) do
  if other ~= sid then
    open[#open + 1] = other
  end
end
-- first what frees, as Redis may be at maxmemory
redis.call('HDEL', key, 's:' .. sid, 'i:' .. sid)
redis.call('HSET', key, 'S', cmsgpack.pack(open))
redis.call('PUBLISH', prefix .. 'all', 'c ' .. bucket)
return {'ok', '0 0'}
