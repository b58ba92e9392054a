-- Keeps a lock taken for a time from now, whatever happens to its holder: a second hold stands beside the holder's.
-- It belongs to a session of its own that nobody renews and that no JVM's shutdown closes. All scripts treat it like
-- any other hold.
-- argv:  3 = session id, 4 = grant id, 5 = name, 6 = for how many us, 7 = caller and purpose, for messages
-- reply: 'ok', ver; or 'lost' if this grant does not hold the lock exclusively
-- Its grant id is 0, which no request has. Repeated for the same grant, it lasts until the later of the two times.
local sid, grant, name, span, who = ARGV[3], tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6]), ARGV[7]
local minimum = sid .. '.' .. number(grant)
local lock = load(sid, name)
local held = entry(lock, sid)
local stands = entry(lock, minimum)
held = held and held[4] ~= 0 and held[2] == grant and held[3] == 'x' and held
if not (session(sid) and held) then
  return {'lost'}
end
local s = session(minimum)
sessions[minimum] = {math.max(now + span, s and s[1] or 0), 0, math.max(span, s and s[3] or 0)}
changed[minimum] = true
if not stands then
  -- with the mark of a holder that knows that others want the lock: there is nobody to notify
  append(lock, lock.h, {minimum, 0, 'x', held[4], who, millis(), minimum, 1, held[9], '', ''})
  lock.n = lock.n + 1
  added = true
  redis.call('HSET', key, 'i:' .. minimum, redis.call('HGET', key, 'i:' .. sid) or '')
end
raise_ver(sid)
save(lock)
list(sessions[minimum], minimum .. ' ' .. name)
return {'ok', ver(sid)}
