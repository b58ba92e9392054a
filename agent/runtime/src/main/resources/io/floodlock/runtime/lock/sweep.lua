-- Looks at some of a bucket's locks and clears what ended sessions left: nobody else would, where no one wants the key again.
-- argv:  3 = session id of the JVM that sweeps, 4 = where to go on, '0' to begin
-- reply: 'ok', ver, where to go on, '0' at the end
local page = redis.call('HSCAN', key, ARGV[4], 'MATCH', 'l:*', 'COUNT', 100)
if not session(ARGV[3]) then
  return {'lost'}
end
for i = 1, #page[2], 2 do
  local lock = load(ARGV[3], string.sub(page[2][i], 3))
  settle(lock, nil)
  save(lock)
end
return {'ok', ver(ARGV[3]), page[1]}
