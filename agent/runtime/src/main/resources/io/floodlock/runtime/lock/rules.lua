-- The functions that keep the rules of bucket.lua, and what a script has learnt and changed so far.
local sessions, changed, found = {}, {}, {}
local counter, counted

-- Whether the script has taken something out, and whether it has put something in that wasn't there.
local freed, added

local function number(n)
  return string.format('%d', n)
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

-- What the caller's session, the counter and locks are, as one call has read them.
local function learn_all(sid, names, raw)
  learn(sid, raw[1])
  counter = tonumber(raw[2] or '0')
  local locks = {}
  for i, name in ipairs(names) do
    local stored = raw[i + 2]
    local lock = stored and cmsgpack.unpack(stored) or {{}, {}}
    locks[i] = {name = name, holders = lock[1], waiters = lock[2], stored = stored and true or false, dirty = false}
  end
  return locks
end

local function load(sid, name)
  return learn_all(sid, {name}, redis.call('HMGET', key, 's:' .. sid, 'n', 'l:' .. name))[1]
end

local function draw(count)
  local first = math.max(counter + 1, now)
  counter = first + count - 1
  counted = true
  return first
end

-- Takes the session's entries with grants from the first to the last out of holders and waiters.
local function drop(lock, sid, first, last)
  for _, list in ipairs({lock.holders, lock.waiters}) do
    for i = #list, 1, -1 do
      if list[i][1] == sid and list[i][2] >= first and list[i][2] <= last then
        table.remove(list, i)
        lock.dirty, freed = true, true
        raise_ver(sid)
      end
    end
  end
end

local function others_wait(lock, sid)
  for _, w in ipairs(lock.waiters) do
    if w[1] ~= sid then
      return true
    end
  end
  return false
end

-- Whether a holder's or waiter's entry still counts.
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
  -- members of one read phase share its token, and a name for it that no other holder of whatever token has; an exclusive
  -- holder gets a few, for those that follow each other in its JVM (Tokens.java counts on as many)
  w[4] = h and h[4] or draw(w[3] == 'x' and 16 or 1)
  w[7] = h and h[7] or w[1] .. '.' .. number(w[2])
  w[6] = math.floor(now / 1000)
  w[8] = w[1] ~= caller and 1 or 0
  lock.holders[#lock.holders + 1] = w
  lock.dirty = true
  raise_ver(w[1])
end

-- Forgets the dead and grants what can be granted.
local function settle(lock, caller)
  for _, list in ipairs({lock.holders, lock.waiters}) do
    for i = #list, 1, -1 do
      if not counts(list[i]) then
        if list[i][2] == 0 then
          -- the session of a minimum hold (minhold.lua) is nobody else's
          redis.call('HDEL', key, 's:' .. list[i][1], 'i:' .. list[i][1])
        end
        table.remove(list, i)
        lock.dirty, freed = true, true
      end
    end
  end
  local granted = {}
  if not lock.holders[1] and lock.waiters[1] and lock.waiters[1][3] == 's' then
    -- a read phase begins: all who wait to read take part, and who comes later waits behind the next writer
    local readers, writers = {}, {}
    for _, w in ipairs(lock.waiters) do
      local list = w[3] == 's' and readers or writers
      list[#list + 1] = w
    end
    for _, w in ipairs(writers) do
      readers[#readers + 1] = w
    end
    lock.waiters = readers
  end
  while lock.waiters[1] do
    local w, h = lock.waiters[1], lock.holders[1]
    if h and not (w[3] == 's' and h[3] == 's') then
      break
    end
    table.remove(lock.waiters, 1)
    admit(lock, w, h, caller)
    if w[1] ~= caller then
      granted[#granted + 1] = w
    end
  end
  for _, w in ipairs(granted) do
    -- '1': who had it before is likely to come back, and must find this one's turn bounded
    push(w[1], table.concat({'g', bucket, w[1], number(w[2]), number(w[4]), number(session(w[1])[2]),
      '1', w[7], lock.name}, ' '))
  end
end

-- Takes out the session's entry with just this grant, and grants the lock to whoever is next.
local function give_back(lock, sid, grant)
  drop(lock, sid, grant, grant)
  settle(lock, sid)
end

-- Asks the holders to give the lock back as soon as they can; one who doesn't wait also asks to be told if they can't now. At
-- the first time those who know are left alone.
local function want(lock, sid, answer_to, again)
  for _, h in ipairs(lock.holders) do
    if h[1] ~= sid and (answer_to or again or h[8] == 0) then
      push(h[1], table.concat({'w', bucket, h[1], number(h[2]), answer_to and sid or '', number(answer_to or 0), lock.name}, ' '))
    end
  end
end

-- Lets what follows be written though Redis is at maxmemory: then Redis refuses a script's first write if that may need
-- memory, and no later one. So all that renews, gives back or clears goes on, and only what is new is refused.
local function spare()
  redis.call('HDEL', key, '')
end

local function save_all(locks)
  local fields, gone = {}, {}
  for _, lock in ipairs(locks) do
    if lock.dirty and #lock.holders + #lock.waiters > 0 then
      fields[#fields + 1], fields[#fields + 2] = 'l:' .. lock.name, cmsgpack.pack({lock.holders, lock.waiters})
    elseif lock.dirty and lock.stored then
      gone[#gone + 1] = 'l:' .. lock.name
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
  elseif freed or not added then
    spare()
  end
  if #fields > 0 then
    redis.call('HSET', key, unpack(fields))
  end
end

local function save(lock)
  save_all({lock})
end

-- The session's ver as this script found it and as it leaves it: the first tells the JVM whether writes were lost, though
-- this script's own may have raised it again.
local function ver(sid)
  return number(found[sid] or 0) .. ' ' .. number(session(sid)[2])
end
