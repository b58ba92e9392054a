-- Acquires a lock, or queues for it: handles what acquire-first.lua has not handled. That file describes the
-- arguments and replies.
local names, given = {name}, {}
for i = 9, #ARGV, 2 do
  given[#names], names[#names + 1] = tonumber(ARGV[i]), ARGV[i + 1]
end
local locks = learn_all(sid, names, raw)
local lock = locks[1]
read_ahead(lock, sid)
for i = 2, #locks do
  give_back(locks[i], sid, given[i - 1])
end
if not session(sid) then
  settle(lock, sid)
  save_all(locks)
  return {'lost'}
end

local mine = entry(lock, sid)
if mine and mine[2] > grant then
  save_all(locks)
  return {'stale', ver(sid)}
end
if mine and (mine[2] < grant or not counts(mine)) then
  remove(lock, mine)
  raise_ver(sid)
  mine = false
end

local function refusal(kind)
  local first = entry(lock, lock.h.first) or {'', 0, 'x', 0, '', 0}
  return {kind, ver(sid), number(lock.n), first[3], first[5], number(first[6]),
    redis.call('HGET', key, 'i:' .. first[1]) or ''}
end

-- Whether one of the first holders has a valid busy mark: it has said a moment ago that it uses the lock.
local function used()
  local at = lock.h.first
  for _ = 1, STEPS do
    local h = at ~= '' and entry(lock, at)
    if not h then
      return false
    end
    if in_use(h) and not (mode == 's' and h[3] == 's') then
      return true
    end
    at = h[11]
  end
  return false
end

if not mine and wait == '0' then
  settle(lock, sid)
  if waited(lock) or used() then
    -- most requests that do not wait leave the lock unchanged, and then nothing is written
    save_all(locks)
    return refusal('busy')
  end
end
if not mine then
  mine = {sid, grant, mode, 0, who, millis(), '', 0, lock.next, '', ''}
  lock.next = lock.next + 1
  append(lock, lock[mode], mine)
  added = not is_lane(name)
end
settle(lock, sid)

if mine[4] ~= 0 then
  if mine[8] == 0 and waited(lock) then
    mine[8] = 1
    if lock.h.first == lock.h.last then
      lock.notified = millis()
    end
    touch(lock, mine)
  end
  save_all(locks)
  return {'granted', ver(sid), number(mine[4]), mine[8] > 0 and '1' or '0', mine[7]}
end
if wait == '0' and used() then
  remove(lock, mine)
  save_all(locks)
  return refusal('busy')
end
notify_holders(lock, sid, wait == '0' and grant)
save_all(locks)
local reply, first = refusal('queued'), lock.h.first
local ahead = math.min(lock.x.first ~= '' and lock.x.place or mine[9], lock.s.first ~= '' and lock.s.place or mine[9])
reply[8], reply[9], reply[10] = number(mine[9] - ahead), number(now), first
return reply
