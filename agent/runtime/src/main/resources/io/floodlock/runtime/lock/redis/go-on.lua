-- Goes on with a lock where another script has stopped, as it would have taken too long: it grants, forgets the dead, and
-- tells holders that others want the lock.
-- argv:  3 = session id of who goes on, 4 = name
-- reply: 'ok', ver; or 'lost'
local sid, lock = ARGV[3], load(ARGV[3], ARGV[4])
settle(lock, sid)
if lock.tell ~= '' then
  want(lock, sid)
end
save(lock)
return session(sid) and {'ok', ver(sid)} or {'lost'}
