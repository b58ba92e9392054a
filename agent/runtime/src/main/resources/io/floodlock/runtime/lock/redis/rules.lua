-- The functions that keep the invariants of bucket.lua, and the state that a script has read and changed so far.
local sessions, changed, found = {}, {}, {}
local counter, counted, beyond

-- Whether the script has removed an entry, and whether it has added one that was not there before.
local freed, added

-- The most entries that a script may remove or notify, in all its locks together; granting one counts as two. If more
-- is left, the caller's JVM is asked to continue (go-on.lua).
local STEPS = 5
local steps = STEPS

-- How long holders count as notified that others want the lock, in ms. After that they are notified again, because a
-- push may be lost.
local NOTIFIED = 500

local function number(n)
  return string.format('%d', n)
end

local function millis()
  return math.floor(now / 1000)
end

local function learn(sid, raw)
  local s = raw and cmsgpack.unpack(raw) or false
  if s and s[1] > now + s[3] then
    s[1] = now + s[3]
    changed[sid] = true
  end
  if s and s[1] <= now then
    s = false
  end
  sessions[sid] = s
  if found[sid] == nil then
    found[sid] = s and s[2]
  end
  return s
end

local function session(sid)
  local s = sessions[sid]
  if s == nil then
    s = learn(sid, redis.call('HGET', key, 's:' .. sid))
  end
  return s
end

local function raise_ver(sid)
  local s = session(sid)
  if s then
    s[2] = s[2] + 1
    changed[sid] = true
  end
end

local function push(sid, text)
  redis.call('PUBLISH', prefix .. string.match(sid, '^[^.]+'), text)
end

-- Locks. Here each lock is in the form of lists, however it is stored. Entries are read when they are needed.

local function field(lock, sid)
  return 'e:' .. sid .. ' ' .. lock.name
end

-- A lock as read. dirty records whether it differs from what is stored, and touched records which entries do.
local function parse(name, raw)
  local stored = raw and cmsgpack.unpack(raw)
  local lock = {name = name, stored = stored and true or false, e = {}, touched = {},
    h = {first = '', last = ''}, x = {first = '', last = '', place = 0}, s = {first = '', last = '', place = 0},
    next = 1, ends = 1, notified = 0, to_notify = '', n = 0}
  if stored and stored[2] then
    lock.listed = true
    lock.h.first, lock.h.last, lock.x.first, lock.x.last, lock.s.first, lock.s.last, lock.x.place, lock.s.place,
      lock.next, lock.ends, lock.notified, lock.to_notify, lock.n = unpack(stored)
  elseif stored then
    local e = stored[1]
    e[9], e[10], e[11] = 0, '', ''
    lock.e[e[1]], lock.touched[e[1]] = e, true
    lock.h.first, lock.h.last, lock.n, lock.notified = e[1], e[1], 1, e[8] > 0 and millis() or 0
  end
  return lock
end

-- Records the caller's session, the counter and the locks, as one call has read them.
local function learn_all(sid, names, raw)
  learn(sid, raw[1])
  counter = tonumber(raw[2] or '0')
  local locks = {}
  for i, name in ipairs(names) do
    locks[i] = parse(name, raw[i + 2])
  end
  return locks
end

local function load(sid, name)
  return learn_all(sid, {name}, redis.call('HMGET', key, 's:' .. sid, 'n', 'l:' .. name))[1]
end

-- The session's entry in the lock, or false.
local function entry(lock, sid)
  local e = lock.e[sid]
  if e == nil then
    local raw = lock.listed and redis.call('HGET', key, field(lock, sid))
    e = raw and cmsgpack.unpack(raw) or false
    lock.e[sid] = e
  end
  return e
end

-- Reads with one command what a request or a release of the session looks at first: its own entry and the first
-- entries of the lists, and their sessions.
local function read_ahead(lock, sid)
  if not lock.listed then
    return
  end
  local sids, fields = {}, {}
  for _, one in ipairs({sid, lock.h.first, lock.x.first, lock.s.first}) do
    if one ~= '' and lock.e[one] == nil then
      sids[#sids + 1], lock.e[one] = one, false
      fields[#fields + 1] = field(lock, one)
    end
  end
  local entries = #sids
  for i = 1, entries do
    if sessions[sids[i]] == nil then
      sids[#sids + 1], fields[#fields + 1] = sids[i], 's:' .. sids[i]
    end
  end
  local raw = redis.call('HMGET', key, unpack(fields))
  for i = 1, entries do
    lock.e[sids[i]] = raw[i] and cmsgpack.unpack(raw[i]) or false
  end
  for i = entries + 1, #sids do
    learn(sids[i], raw[i])
  end
end

local function touch(lock, e)
  lock.touched[e[1]] = true
  lock.dirty = true
end

local function append(lock, list, e)
  e[10], e[11] = list.last, ''
  if list.last == '' then
    list.first, list.place = e[1], e[9]
  else
    local before = entry(lock, list.last)
    before[11] = e[1]
    touch(lock, before)
  end
  list.last = e[1]
  lock.e[e[1]] = e
  touch(lock, e)
end

local function unlink(lock, list, e)
  local before, after = e[10], e[11]
  if before ~= '' then
    entry(lock, before)[11] = after
    lock.touched[before] = true
  else
    list.first = after
    list.place = after ~= '' and entry(lock, after)[9] or 0
  end
  if after ~= '' then
    entry(lock, after)[10] = before
    lock.touched[after] = true
  else
    list.last = before
  end
  touch(lock, e)
end

local function remove(lock, e)
  if e[4] ~= 0 then
    if lock.to_notify == e[1] then
      lock.to_notify = e[11]
    end
    lock.n = lock.n - 1
    unlink(lock, lock.h, e)
    if e[2] == 0 then
      -- the session of a minimum hold (minhold.lua) has no other holds
      redis.call('HDEL', key, 's:' .. e[1], 'i:' .. e[1])
      redis.call('ZREM', index, e[1] .. ' ' .. lock.name)
    end
  else
    unlink(lock, lock[e[3]], e)
  end
  lock.e[e[1]] = false
  freed = true
end

-- Draws tokens for a session, and returns the first.
local function draw(count, sid)
  local first = math.max(counter + 1, now)
  counter = first + count - 1
  counted = true
  beyond = beyond or counter > session(sid)[1]
  return first
end

-- Raises key 2 to a bound that no token exceeds, or will exceed before the bound is raised again.
local function raise_bound(to)
  if to > tonumber(redis.call('GET', bound) or '0') then
    redis.call('SET', bound, number(to))
  end
end

-- Lists a session, or a minimum hold, in key 3 by its expiry, and extends the bucket's life to then. Returns whether
-- it was not listed before.
local function list(s, member)
  local new = redis.call('ZADD', index, number(s[1]), member) == 1
  local ms, lives = math.floor((s[1] - now) / 1000) + 1000, redis.call('PTTL', key)
  if lives < ms then
    redis.call('PEXPIRE', key, number(ms))
  end
  if lives < ms or new then
    redis.call('PEXPIRE', index, number(math.max(lives, ms)))
  end
  return new
end

-- The state of the sweep, decoded from field w of the bucket.
local function sweeping(raw)
  local due, from, rounds = string.match(raw or '0 0 0', '^(%d+) (%d+) (%d)$')
  return {due = tonumber(due), from = from, rounds = tonumber(rounds)}
end

local function packed(w)
  return number(w.due) .. ' ' .. w.from .. ' ' .. number(w.rounds)
end

-- Requests a round, because ended sessions may have left something in any field. A round in progress may have passed
-- it already, so then a second round follows.
local function request_round(w)
  w.rounds = w.from == '0' and math.max(w.rounds, 1) or 2
end

-- Removes the bucket if nothing but the counter and the state of the sweep is left.
local function bury()
  local left = redis.call('HMGET', key, 'n', 'w')
  if redis.call('HLEN', key) == (left[1] and 1 or 0) + (left[2] and 1 or 0) then
    raise_bound(tonumber(left[1] or '0'))
    redis.call('UNLINK', key, index)
  end
end

local function waited(lock)
  return lock.x.first ~= '' or lock.s.first ~= ''
end

-- Whether an entry of a holder or waiter still counts: its session is alive and has not shed it.
local function counts(e)
  local s = session(e[1])
  if not s or not s[4] or e[2] > s[4] then
    return s
  end
  for _, kept in ipairs(s[5]) do
    if kept == e[2] then
      return true
    end
  end
  return false
end

-- Makes a waiter a holder, beside the first holder if there is one.
local function admit(lock, w, h, caller)
  unlink(lock, lock[w[3]], w)
  -- Members of one read phase share its token, and a phase id that no other holder of any token has. An exclusive
  -- holder gets several tokens, for the scopes that follow each other in its JVM (GRANTED in bucket.lua).
  w[4] = h and h[4] or draw(w[3] == 'x' and GRANTED or 1, w[1])
  w[6] = millis()
  w[7] = h and h[7] or w[1] .. '.' .. number(w[2])
  w[8] = w[1] ~= caller and 1 or 0
  if w[8] == 0 then
    lock.notified = 0
  elseif not h then
    lock.notified = millis()
  end
  append(lock, lock.h, w)
  lock.n = lock.n + 1
  raise_ver(w[1])
end

-- The first entry of a list that counts, or nil. Entries before it are removed.
local function head(lock, list)
  while list.first ~= '' do
    local e = entry(lock, list.first)
    if counts(e) then
      return e
    end
    if steps == 0 then
      lock.more = true
      return nil
    end
    steps = steps - 1
    remove(lock, e)
  end
end

-- Removes the dead entries that are in the way, and grants what can be granted.
local function settle(lock, caller)
  while true do
    local h, x, s = head(lock, lock.h), head(lock, lock.x), head(lock, lock.s)
    local w
    if not lock.more and not h then
      -- a waiter that belongs to a read phase which this call continues is first
      w = x and s and (s[9] >= lock.ends and x[9] < s[9] and x or s) or x or s
      if w and w[3] == 's' and w[9] >= lock.ends then
        -- a read phase begins: all shared waiters take part, and later ones wait behind the next exclusive waiter
        lock.ends = lock.next
      end
    elseif not lock.more and h[3] == 's' and s and (s[9] < lock.ends or not x or s[9] < x[9]) then
      w = s
    end
    if w and steps < 2 then
      lock.more = true
    end
    if not w or lock.more then
      return
    end
    steps = steps - 2
    admit(lock, w, h, caller)
    if w[1] ~= caller then
      lock.granted = lock.granted or {}
      lock.granted[#lock.granted + 1] = w
    end
  end
end

-- Removes the session's entry if it has exactly this grant id, and grants the lock to the next waiters.
local function give_back(lock, sid, grant)
  local e = entry(lock, sid)
  if e and e[2] == grant then
    remove(lock, e)
    raise_ver(sid)
  end
  settle(lock, sid)
end

-- Asks the holders to give the lock back as soon as they can, unless they have been asked a moment ago. A request
-- that does not wait also asks the first holder for an answer if it cannot give the lock back now.
local function notify_holders(lock, sid, answer_to)
  local ms, count = millis(), 0
  if answer_to or lock.to_notify == '' and (ms - lock.notified >= NOTIFIED or ms < lock.notified) then
    lock.to_notify, lock.notified, lock.dirty = lock.h.first, ms, true
  end
  while lock.to_notify ~= '' and count < STEPS do
    local h = entry(lock, lock.to_notify)
    if h[1] ~= sid and h[2] ~= 0 then
      push(h[1], table.concat(
        {'w', bucket, h[1], number(h[2]), answer_to and sid or '', number(answer_to or 0), lock.name}, ' '))
      if h[8] == 0 then
        h[8] = 1
        touch(lock, h)
      end
    end
    lock.to_notify, lock.dirty, count = h[11], true, count + 1
  end
  lock.more = lock.more or lock.to_notify ~= ''
end

-- Makes the following writes succeed although Redis is at maxmemory: Redis then refuses only a script's first write,
-- if that may need memory, and no later one. So everything that renews, gives back or clears succeeds, and only new
-- things are refused.
local function spare()
  redis.call('HDEL', key, '')
end

-- Collects which fields of a lock are to be written, and which are to be removed.
local function collect(lock, fields, gone)
  local function put(name, value)
    fields[#fields + 1], fields[#fields + 2] = name, cmsgpack.pack(value)
  end
  local alone = lock.h.first ~= '' and lock.h.first == lock.h.last and not waited(lock)
  local listed = waited(lock) or lock.h.first ~= '' and not alone
  if alone then
    local e = entry(lock, lock.h.first)
    put('l:' .. lock.name, {{e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8]}})
    lock.touched[e[1]] = true
  elseif listed then
    put('l:' .. lock.name, {lock.h.first, lock.h.last, lock.x.first, lock.x.last, lock.s.first, lock.s.last,
      lock.x.place, lock.s.place, lock.next, lock.ends, lock.notified, lock.to_notify, lock.n})
  elseif lock.stored then
    gone[#gone + 1] = 'l:' .. lock.name
  end
  for sid in pairs(lock.touched) do
    if listed and lock.e[sid] then
      put(field(lock, sid), lock.e[sid])
    elseif lock.listed then
      gone[#gone + 1] = field(lock, sid)
    end
  end
end

-- Writes what has changed, then notifies the sessions that were granted a lock.
local function save_all(locks)
  local fields, gone = {}, {}
  for _, lock in ipairs(locks) do
    if lock.dirty then
      collect(lock, fields, gone)
    end
  end
  if counted then
    fields[#fields + 1], fields[#fields + 2] = 'n', number(counter)
  end
  for sid in pairs(changed) do
    if sessions[sid] then
      fields[#fields + 1], fields[#fields + 2] = 's:' .. sid, cmsgpack.pack(sessions[sid])
    end
  end
  if #gone > 0 then
    redis.call('HDEL', key, unpack(gone))
  elseif #fields > 0 and (freed or not added) then
    spare()
  end
  if #fields > 0 then
    redis.call('HSET', key, unpack(fields))
  end
  if beyond then
    raise_bound(counter)
  end
  for _, lock in ipairs(locks) do
    for _, w in ipairs(lock.granted or {}) do
      -- '1': contended. The previous holder is likely to request the lock again, so this holder's turn must be
      -- bounded
      push(w[1], table.concat({'g', bucket, w[1], number(w[2]), number(w[4]), number(session(w[1])[2]), '1', w[7],
        lock.name}, ' '))
    end
    if lock.more then
      push(ARGV[3], table.concat({'m', bucket, lock.name}, ' '))
    end
  end
end

local function save(lock)
  save_all({lock})
end

-- The session's ver as this script found it and as it leaves it. The first tells the JVM whether writes were lost,
-- although this script may have raised it again.
local function ver(sid)
  return number(found[sid] or 0) .. ' ' .. number(session(sid)[2])
end
