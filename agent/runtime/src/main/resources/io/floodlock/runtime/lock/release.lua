-- Gives grants back, whether they are held or still waited for, and grants each lock to whoever is next.
-- argv:  3 = session id, then pairs: grant id, name; each name once
-- reply: 'ok', ver; or 'lost'
-- Of a grant that isn't known (given back before, replaced by a later one) it is a no-op.
local sid, grants, names = ARGV[3], {}, {}
for i = 4, #ARGV, 2 do
  grants[#grants + 1], names[#names + 1] = tonumber(ARGV[i]), ARGV[i + 1]
end
local locks = load_all(sid, names)
for l, lock in ipairs(locks) do
  give_back(lock, sid, grants[l])
end
save_all(locks)
return session(sid) and {'ok', ver(sid)} or {'lost'}
