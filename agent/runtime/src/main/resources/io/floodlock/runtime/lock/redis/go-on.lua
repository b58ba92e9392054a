-- Continues the work on a lock where another script has stopped because it would have taken too long: grants the
-- lock, removes dead entries, and notifies holders that others want the lock.
-- argv:  3 = session id of the JVM that continues, 4 = name
-- reply: 'ok', ver; or 'lost'
local sid, lock = ARGV[3], load(ARGV[3], ARGV[4])
settle(lock, sid)
if lock.to_notify ~= '' then
  notify_holders(lock, sid)
end
save(lock)
return session(sid) and {'ok', ver(sid)} or {'lost'}
