-- The functions that clear what ended sessions have left in a bucket, for clear.lua and sweep.lua.
local gone, cleared, seen, locks = {}, 0, {}, {}

-- The state of the sweep, for sweep.lua.
local w

-- The most entries that are removed from queues, or queues that are settled: each costs several commands.
local left = 2

-- Returns whether there is time for one more entry or queue; if so, the caller must clear it, and it counts as cleared.
local function take_step()
  left = left - 1
  if left < 0 then
    return false
  end
  cleared = cleared + 1
  return true
end

local function seen_lock(name)
  local lock = seen[name]
  if not lock then
    lock = parse(name, redis.call('HGET', key, 'l:' .. name))
    seen[name], locks[#locks + 1] = lock, lock
  end
  return lock
end

-- Clears a lock, given as read from the bucket.
local function clear_lock(name, raw)
  local stored = cmsgpack.unpack(raw)
  if not stored[2] then
    if not counts(stored[1]) then
      gone[#gone + 1] = 'l:' .. name
      cleared = cleared + 1
    end
  else
    for _, at in ipairs({1, 3, 5}) do
      local s = stored[at] == '' or session(stored[at])
      if not s or s ~= true and s[4] then
        if take_step() then
          seen_lock(name)
        end
        break
      end
    end
  end
end

-- Clears an entry of a lock, in any of its lists.
local function clear_entry(sid, name, raw)
  if not counts(cmsgpack.unpack(raw)) and take_step() then
    local lock = seen_lock(name)
    local e = entry(lock, sid)
    if e and not counts(e) then
      remove(lock, e)
    elseif not e then
      gone[#gone + 1] = 'e:' .. sid .. ' ' .. name
    end
  end
end

local function clear_session(sid, raw)
  local s = sessions[sid]
  if s == nil then
    s = learn(sid, raw)
  end
  if not s then
    gone[#gone + 1], gone[#gone + 2] = 's:' .. sid, 'i:' .. sid
    cleared = cleared + 1
  end
end

-- Clears a session, or a minimum hold, that key 3 lists as expired.
local function clear_listed(member)
  local sid, name = string.match(member, '^([^ ]+) ?(.*)$')
  local s = session(sid)
  if s then
    list(s, member)
    return
  end
  redis.call('ZREM', index, member)
  gone[#gone + 1], gone[#gone + 2] = 's:' .. sid, 'i:' .. sid
  cleared = cleared + 1
  if #sid < #member then
    local lock = seen_lock(name)
    local e = entry(lock, sid)
    if e then
      remove(lock, e)
    end
  else
    request_round(w)
  end
end

-- Writes all these changes, and grants the locks that have become free.
local function clear_all()
  if #gone > 0 then
    redis.call('HDEL', key, unpack(gone))
  end
  if #locks > 0 then
    counter = tonumber(redis.call('HGET', key, 'n') or '0')
    for _, lock in ipairs(locks) do
      settle(lock, nil)
    end
    save_all(locks)
  end
end
