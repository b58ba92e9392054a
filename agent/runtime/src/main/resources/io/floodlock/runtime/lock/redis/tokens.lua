-- Reserves fencing tokens for hand-offs within the holder's JVM.
-- argv:  3 = session id, 4 = grant id, 5 = name, 6 = how many
-- reply: 'ok', ver, the first of them; or 'lost' if this grant does not hold the lock exclusively
local sid, grant, name, count = ARGV[3], tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6])
local lock = load(sid, name)
local h = entry(lock, sid)
if not (session(sid) and h and h[4] ~= 0 and h[2] == grant and h[3] == 'x') then
  return {'lost'}
end
local first = draw(count, sid)
save(lock)
return {'ok', ver(sid), number(first)}
