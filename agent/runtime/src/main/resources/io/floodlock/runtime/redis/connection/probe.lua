-- Checks, on the master itself, whether this server can be used.
-- key:   an unused key
-- argv:  a channel to publish on
-- reply: INFO server, INFO memory
-- It writes after TIME, which only effects replication allows, and publishes, which an ACL may forbid.
redis.call('TIME')
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', ARGV[1], '')
return {redis.call('INFO', 'server'), redis.call('INFO', 'memory')}
