-- Gives lanes of a new layout what numbered sessions have reached in the former one.
-- KEYS     the identities of lanes; all in one slot
-- ARGV     session, progress, session, progress, ..
-- Invariants: a session that the lane knows is not changed.
for _, key in ipairs(KEYS) do
  for i = 1, #ARGV, 2 do
    redis.call('HSETNX', key, ARGV[i], ARGV[i + 1])
  end
end
return {'OK'}
