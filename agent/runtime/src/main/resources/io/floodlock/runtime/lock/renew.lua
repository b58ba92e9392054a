-- Lets a session live for another lease from now, however many locks it holds.
-- argv:  3 = session id
-- reply: 'ok', ver; or 'lost'
-- A session that has expired or is absent stays so.
local sid = ARGV[3]
local s = session(sid)
if not s then
  return {'lost'}
end
s[1] = now + s[3]
changed[sid] = true
save_all({})
return {'ok', ver(sid)}
