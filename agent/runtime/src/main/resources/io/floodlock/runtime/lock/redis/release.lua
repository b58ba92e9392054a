-- Gives grants back: handles what release-first.lua has not handled. That file describes the arguments and replies.
-- Each grant costs several commands, so there is time for two.
for l = #names, 3, -1 do
  names[l] = nil
end
local locks = learn_all(sid, names, raw)
for l, lock in ipairs(locks) do
  read_ahead(lock, sid)
  give_back(lock, sid, grants[l])
end
save_all(locks)
return session(sid) and {'ok', ver(sid), number(#locks)} or {'lost', '0 0', number(#locks)}
