-- Acquires a lock, or queues for it.
-- argv:  3 = session id, 4 = grant id, 5 = name, 6 = mode 'x' or 's', 7 = the caller, for messages, 8 = '1' to wait,
--        '0' to try, then pairs: grant id, name, of other locks that the session gives back, as in release.lua
-- reply: 'granted', ver, token, '1' if another session waits or has waited for this grant, else '0', phase
--        'queued' or 'busy', ver, number of holders, then of the first holder: mode, caller, since ms, session owner
--        'queued' then: number of places before this one, Redis's time in us, session id of the first holder
--        'busy' because of a sole holder's busy mark then: session id, for how many us the mark is still valid,
--        digest of the lock as stored
--        'stale', ver: a later grant of this session is known, so another request has overtaken this one
--        'lost': the session has ended
-- Grant ids grow within a session. What the session holds or waits for under an older grant id is given back first.
-- So a request never waits for its own session's release, which may still be in flight; and a session gives back a
-- lock and queues for it again in this one call.
-- A request that does not wait is queued too if nobody waits before it, because the holders may not use the lock:
-- they give it back or answer that they are busy. If a holder has answered so a moment ago, or if another session
-- waits, the request gets 'busy' at once and no holder is notified.
-- Repeated with the same grant id, the script gives the same answer and the request keeps its place.
--
-- The code below runs before the functions of rules.lua are created and before anything else is read. It grants a
-- lock that nobody has or waits for, if all grants given back with it are sole holds; and it refuses a request that
-- does not wait when the only holder's busy mark is valid. The result is the same as that of acquire.lua, and most
-- requests end here.
local sid, grant, name, mode, who, wait = ARGV[3], tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7], ARGV[8]

-- Whether the lock is that of a queue's lane, whose owner frees memory.
local function is_lane(lock)
  return string.sub(lock, 1, 15) == 'floodlock-lane:'
end

local fields = {'s:' .. sid, 'n', 'l:' .. name}
for i = 10, #ARGV, 2 do
  fields[#fields + 1] = 'l:' .. ARGV[i]
end
local raw = redis.call('HMGET', key, unpack(fields))
do
  local s, simple, gone = raw[1] and cmsgpack.unpack(raw[1]), true, {}
  for i = 4, #raw do
    simple = simple and only(raw[i], sid, tonumber(ARGV[2 * i + 1]))
    gone[#gone + 1] = fields[i]
  end
  local token = math.max(tonumber(raw[2] or '0') + 1, now)
  if sound(s) and simple and not raw[3] and token + GRANTED - 1 <= s[1] then
    local ver = s[2]
    s[2] = ver + #gone + 1
    local phase = sid .. '.' .. ARGV[4]
    local held = {sid, grant, mode, token, who, math.floor(now / 1000), phase, 0}
    if #gone > 0 then
      redis.call('HDEL', key, unpack(gone))
    elseif is_lane(name) then
      -- as spare() in rules.lua
      redis.call('HDEL', key, '')
    end
    redis.call('HSET', key, fields[1], cmsgpack.pack(s), fields[3], cmsgpack.pack({held}),
      'n', string.format('%d', mode == 'x' and token + GRANTED - 1 or token))
    return {'granted', string.format('%d %d', ver, s[2]), string.format('%d', token), '0', phase}
  end
  local lock = wait == '0' and #raw == 3 and sound(s) and raw[3] and cmsgpack.unpack(raw[3])
  local h = lock and not lock[2] and lock[1]
  if h and h[3] == 'x' and h[1] ~= sid and in_use(h) then
    local theirs = redis.call('HMGET', key, 's:' .. h[1], 'i:' .. h[1])
    local holds = theirs[1] and cmsgpack.unpack(theirs[1])
    if sound(holds) and not holds[4] then
      return {'busy', string.format('%d %d', s[2], s[2]), '1', 'x', h[5], string.format('%d', h[6]), theirs[2] or '',
        h[1], string.format('%d', math.min(h[8] * 1000, holds[1]) - now), redis.sha1hex(raw[3])}
    end
  end
end
