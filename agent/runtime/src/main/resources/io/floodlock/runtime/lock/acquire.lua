-- Takes a lock, or queues for it: whatever acquire-first.lua, which tells of arguments and replies, has left to do.
local names, given = {name}, {}
for i = 9, #ARGV, 2 do
  given[#names], names[#names + 1] = tonumber(ARGV[i]), ARGV[i + 1]
end
local locks = learn_all(sid, names, raw)
local lock = locks[1]
for i = 2, #locks do
  give_back(locks[i], sid, given[i - 1])
end
if not session(sid) then
  settle(lock, sid)
  save_all(locks)
  return {'lost'}
end

local function mine(list)
  for i, e in ipairs(list) do
    if e[1] == sid and e[2] >= grant then
      return e, i
    end
  end
end

local known = mine(lock.holders) or mine(lock.waiters)
if known and known[2] > grant then
  save_all(locks)
  return {'stale', ver(sid)}
end
drop(lock, sid, 0, grant - 1)

local function refusal(kind)
  local first = lock.holders[1]
  return {kind, ver(sid), number(#lock.holders), first[3], first[5], number(first[6]),
    redis.call('HGET', key, 'i:' .. first[1]) or ''}
end

if not known and wait == '0' then
  settle(lock, sid)
  local first, busy = lock.holders[1], #lock.waiters > 0
  for _, h in ipairs(lock.holders) do
    busy = busy or in_use(h) and not (mode == 's' and first[3] == 's')
  end
  if busy then
    -- most who try find the lock as they leave it, and then nothing is written
    save_all(locks)
    return refusal('busy')
  end
end
if not known then
  lock.waiters[#lock.waiters + 1] = {sid, grant, mode, 0, who, math.floor(now / 1000)}
  lock.dirty, added = true, true
end
settle(lock, sid)

local held = mine(lock.holders)
if held then
  if held[8] == 0 and others_wait(lock, sid) then
    held[8] = 1
    lock.dirty = true
  end
  save_all(locks)
  return {'granted', ver(sid), number(held[4]), held[8] > 0 and '1' or '0', held[7]}
end
local _, at = mine(lock.waiters)
local busy = wait == '0' and at > 1
for _, h in ipairs(lock.holders) do
  busy = busy or wait == '0' and in_use(h)
end
if busy then
  table.remove(lock.waiters, at)
  lock.dirty = true
end
save_all(locks)
if not busy then
  want(lock, sid, wait == '0' and grant, known)
end
return refusal(busy and 'busy' or 'queued')
