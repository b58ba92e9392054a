-- The part that all lock scripts share: the state of one bucket and the invariants that every change keeps. This file
-- is put before each script, together with the functions of rules.lua that keep these invariants. Creating those
-- functions takes Redis longer than running them, in each call: so the most frequent cases of acquire.lua and
-- release.lua are handled before them, in files of their own.
--
-- keys: 1 = the bucket, one hash, so that an eviction or a flush removes all of it or nothing
--         n         token counter, decimal
--         w         the state of the sweep: when the next turn is due, in us, where it continues, and how many rounds
--                   are to be made, including the one in progress (renew.lua, sweep.lua)
--         s:<sid>   session, msgpack {expiry us, ver, lease us, then after shed.lua: grant id, list of grant ids}
--         i:<sid>   owner of the session, for messages
--         l:<name>  lock, msgpack. A lock with a single holder and no waiter is {entry} with entry = {sid, grant,
--                   mode, token (0 while waiting), caller, since ms, phase, mark}. Any other lock has three lists,
--                   and is {first and last holder, first and last waiter for exclusive mode, the same for shared
--                   mode, place of the first exclusive waiter, of the first shared waiter, next place, place before
--                   which shared waiters take part in the read phase, when the holders were notified in ms, next
--                   holder to be notified, number of holders}
--         e:<sid> <name>  an entry of such a list: the fields above, then its place, and the sids before and after it
--       2 = a bound that no token drawn so far exceeds, decimal. It stays when the bucket is removed
--       3 = sessions by the time at which they expire, so that ended sessions are found however many live. A session
--       that has ended in order stays listed until what it held is cleared. A minimum hold is listed as
--       '<sid> <name>'
-- argv: 1 = channel prefix, 2 = bucket number; then each script's own arguments
-- ver in replies: the version of the caller's holds (its session's ver), as the script found it and as it leaves it,
-- "7 8"
--
-- Invariants:
--   - The holders of a lock are one exclusive ('x') or any number of shared ('s').
--   - A session whose expiry has passed counts as absent everywhere. Only Redis TIME decides that. An expiry further
--     in the future than the session's lease (the clock stepped back) is cut to the lease.
--   - What a session has under grant ids up to the one that it has shed counts as absent too, except for the grants
--     that it named to be kept.
--   - Grants go to live sessions only, in the order of arrival. The exception: a shared grant also admits all other
--     shared waiters. A later shared request joins the shared holders unless another session waits before it.
--   - The time of a script does not grow with the number of holders or waiters, but with what it grants, removes or
--     notifies: at most STEPS entries. The caller's JVM is notified of work that is left and continues it at once
--     (go-on.lua); so does the next script that looks at the lock. Dead entries are removed when they are first in
--     their list, or by sweep.lua. Only the first holder decides whether the lock is held.
--   - Tokens strictly grow within the bucket: max(counter + 1, TIME in us). They are too large for Lua's tostring.
--   - A change of a hold raises its session's ver in the same write.
--   - What ended sessions have left is found by a round over all fields. A round is made only after a session has
--     ended without clearing, or after key 3 was lost, which is noticed when a session that is renewed is missing in
--     it.
--   - Beside an exclusive hold there may be a second one with grant id 0, which keeps the lock taken until a given
--     time (minhold.lua).
--
-- The bucket lives as long as its sessions, and key 3 with it. Each opening and renewal sets both to expire a little
-- after the session. When a session ends and nothing else is stored, both are removed. Only key 2 stays then, and the
-- next bucket counts on from it. Writing key 2 with each token would cost a command each time. So openings and
-- renewals raise it to the session's expiry, up to which that session may draw tokens by TIME. A script that draws a
-- token beyond it, because TIME has been overtaken or has stepped back, raises it then.
--
-- Redis at maxmemory: what a session or a hold needs to continue or to end is written all the same (rules.lua,
-- spare), because it adds almost nothing. Only a new hold or place in a queue is refused, unless the same script
-- gives something back. A session costs little, and the lock of a queue's lane is granted too: the owner of the lane
-- frees memory.
--
-- Marks of holders save pushes. 0: nothing is known. 1: the holder's JVM knows that others want the lock. Greater:
-- its JVM has also said that it uses the lock (a busy mark); until this time in ms, which is soon, requests that do
-- not wait are refused at once. A lock that others want is given back when its use ends, so both facts stay true
-- until the grant ends, and the next grant begins without a mark. A lost mark costs a push. Holders are notified
-- once, however many waiters follow. They are notified again if the lock is still wanted NOTIFIED ms later, because a
-- push may be lost: the first waiter does this when it looks, from time to time. A busy mark is valid for a moment
-- only, because the holder's release may be late, or be lost and repeated much later: then the holder is asked again.
local key, bound, index = KEYS[1], KEYS[2], KEYS[3]
local prefix, bucket = ARGV[1], ARGV[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

-- How long a busy mark is valid, in ms.
local BUSY = 100

-- How many tokens an exclusive grant includes. The scopes that follow each other in the holder's JVM use them in
-- order.
local GRANTED = 16

-- Whether the holder's busy mark is valid. A mark further in the future than it can be (the clock stepped back) is
-- not.
local function in_use(h)
  local ms = now / 1000
  return h[8] > ms and h[8] <= ms + BUSY
end

-- Whether a session, as stored, is alive and its expiry needs no cut.
local function sound(s)
  return s and s[1] > now and s[1] <= now + s[3]
end

-- Whether a lock, as stored, is held by this grant only and no session waits for it.
local function only(raw, sid, grant)
  local lock = raw and cmsgpack.unpack(raw)
  local h = lock and not lock[2] and lock[1]
  return h and h[1] == sid and h[2] == grant
end
