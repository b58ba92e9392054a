-- Stores the layout of the locks in this namespace, or returns the stored one, so that JVMs with different layouts
-- refuse to acquire locks instead of not excluding each other.
-- key:   the namespace's layout
-- argv:  this JVM's layout: format version and number of buckets
-- reply: the stored layout
-- It succeeds also at maxmemory, as it stores almost nothing: Redis then refuses only a script's first write, if that
-- may need memory.
local current = redis.call('GET', KEYS[1])
if not current then
  current = ARGV[1]
  redis.call('DEL', KEYS[1])
  redis.call('SET', KEYS[1], current)
end
return {current}
