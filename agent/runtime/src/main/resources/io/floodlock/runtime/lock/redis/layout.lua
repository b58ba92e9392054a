-- Agrees on how locks are laid out in this namespace, so that JVMs that disagree refuse instead of not excluding each other.
-- key:   the namespace's layout
-- argv:  this JVM's layout: format version and number of buckets
-- reply: the layout that holds
local current = redis.call('GET', KEYS[1])
if not current then
  current = ARGV[1]
  redis.call('SET', KEYS[1], current)
end
return {current}
