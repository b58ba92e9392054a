-- Gives a grant back, whether it is held or still waited for, and grants the lock to whoever is next.
-- argv:  3 = session id, 4 = grant id, 5 = name
-- reply: 'ok', ver; or 'lost'
-- Of a grant that isn't known (given back before, replaced by a later one) it is a no-op.
local sid, grant, name = ARGV[3], tonumber(ARGV[4]), ARGV[5]
local lock = load(sid, name)
for _, list in ipairs({lock.holders, lock.waiters}) do
  for i = #list, 1, -1 do
    if list[i][1] == sid and list[i][2] == grant then
      table.remove(list, i)
      lock.dirty = true
      raise_ver(sid)
    end
  end
end
settle(lock, name, sid)
save(lock, name)
return session(sid) and {'ok', ver(sid)} or {'lost'}
