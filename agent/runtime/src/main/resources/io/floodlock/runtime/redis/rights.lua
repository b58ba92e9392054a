-- Finds the commands that the user may not run, of all commands that Floodlock's scripts and its client send.
-- key:   an unused key
-- argv:  a channel to publish on
-- reply: their names
-- A command that fails for another reason, such as the type of the key, counts as allowed. The key is removed again.
local key = KEYS[1]
local tried = {
  {'DEL', key}, {'EXISTS', key}, {'GET', key}, {'SET', key, '1'}, {'DEL', key}, {'EXPIRE', key, '60'},
  {'HSET', key, 'f', '1'}, {'HGET', key, 'f'}, {'HGETALL', key}, {'HKEYS', key}, {'HLEN', key}, {'HMGET', key, 'f'},
  {'HSCAN', key, '0'}, {'HSETNX', key, 'f', '1'}, {'PEXPIRE', key, '60000'}, {'PTTL', key}, {'HDEL', key, 'f'},
  {'UNLINK', key},
  {'XADD', key, '*', 'f', '1'}, {'XINFO', 'STREAM', key}, {'XRANGE', key, '-', '+'}, {'XREAD', 'STREAMS', key, '0'},
  {'XTRIM', key, 'MAXLEN', '0'}, {'XDEL', key, '0-1'}, {'DEL', key},
  {'TIME'}, {'INFO', 'server'}, {'PUBLISH', ARGV[1], ''}
}
local denied, seen = {}, {}
for _, command in ipairs(tried) do
  local reply = redis.pcall(unpack(command))
  local err = type(reply) == 'table' and reply['err']
  -- 6.2 replies with a text only, 7 with an error code
  if err and (string.find(err, 'NOPERM') or string.find(err, "can't run this command")
      or string.find(err, 'permissions') or string.find(err, "can't publish")) and not seen[command[1]] then
    seen[command[1]] = true
    denied[#denied + 1] = command[1]
  end
end
return denied
