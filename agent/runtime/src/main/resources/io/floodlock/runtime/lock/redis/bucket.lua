-- What all lock scripts share: the state of one bucket and the rules that every change keeps. Put before each of them, with the
-- functions of rules.lua that keep these rules. To make those takes Redis longer than to run them, each time: the commonest
-- cases of acquire.lua and release.lua are done before, in files of their own.
--
-- keys: 1 = the bucket, one hash, so that an eviction or a flush takes all of it or nothing
--         n         token counter, decimal
--         w         when the next turn to sweep is, in us, where it goes on, and how many rounds are to be made, the one under
--                   way included (renew.lua, sweep.lua)
--         s:<sid>   session, msgpack {expiry us, ver, lease us, then after shed.lua: grant id, list of grant ids}
--         i:<sid>   whose session it is, for people
--         l:<name>  lock, msgpack. One that has a single holder and nobody waits for is {entry} with
--                   entry = {sid, grant, mode, token (0 while waiting), who, since ms, phase, mark}; else three lists,
--                   {first and last holder, first and last who waits to write, the same to read, place of the first who
--                   waits to write, to read, next place, place before which who waits to read takes part in the read
--                   phase, when holders were told in ms, holder to be told next, number of holders}
--         e:<sid> <name>  an entry of such a list: as above, then its place, and the sid before and the one after it
--       2 = what no token drawn so far exceeds, decimal. It stays when the bucket goes
--       3 = sessions by the time at which they expire: who has ended is found there, however many live. One that has ended in
--           order stays until what it held is cleared. A minimum hold is there as '<sid> <name>'
-- argv: 1 = channel prefix, 2 = bucket number; the script's own follow
-- ver in replies: the version of the caller's holds as found and as left, "7 8"
--
-- Invariants:
--   - holders are one exclusive ('x') or any number of shared ('s')
--   - a session whose expiry has passed counts as absent everywhere; only Redis TIME judges, and an expiry further away than
--     the session's lease (the clock stepped back) is cut to it
--   - what a session has under a grant id up to the one it has shed counts as absent too, but for those it named
--   - grants go to live sessions only, in order of arrival, but that a shared one takes all other shared ones with it; one that
--     comes later joins shared holders unless somebody waits before it
--   - no script takes longer with the number of those who hold or wait, but by what it grants, forgets or tells, which is at
--     most STEPS entries. What is left is gone on with at once by the caller's JVM, which hears so (go-on.lua), and
--     by the next who looks. The dead are forgotten where they stand first, or by sweep.lua; only the first holder decides
--     whether anybody holds the lock
--   - tokens strictly grow within the bucket: max(counter + 1, TIME in us). They are too large for Lua's tostring
--   - a change of a hold raises its session's ver in the same write
--   - what ended sessions have left is found by a round over all fields, which is made only after a session has ended without
--     clearing, or key 3 was lost, which an opened session notices that isn't there
--   - beside an exclusive hold another may stand, with grant id 0, which keeps the lock taken until a moment (minhold.lua)
--
-- The bucket lives as long as its sessions, and key 3 with it: each opening and renewal lets them expire a little after the
-- session does, and who ends its session and leaves nothing removes them. What then stays is key 2, from which the next bucket counts on. To write
-- it with each token would cost a command each; so openings and renewals raise it to the session's expiry, up to which
-- that session may draw tokens by TIME, and whoever draws beyond, as TIME has been overtaken or stepped back, raises it then.
--
-- Redis at maxmemory: what a session or a hold needs in order to go on or to end is written all the same (rules.lua, spare), as
-- it adds nothing to speak of; only a new session, hold or place in a queue is refused, unless something is given back with it.
--
-- Marks of holders save pushes: 0 = nothing is known; 1 = its JVM knows that others want the lock; greater = its JVM has also
-- said that it uses the lock, and until this ms, which is soon, who doesn't wait is refused at once. A hold that is wanted is
-- given back when its use ends, so both stay true until the grant ends, and the next grant begins without. A mark that is lost
-- costs a push. Holders are told once, however many come to wait, and again if the lock is still wanted TOLD later, as a push
-- may be lost: by the first who waits, who looks from time to time. What a JVM has said counts for a moment only, as its
-- release may be late, or lost and repeated much later: then it is asked again.
local key, bound, index = KEYS[1], KEYS[2], KEYS[3]
local prefix, bucket = ARGV[1], ARGV[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

-- How long a holder's word counts that it uses the lock, in ms.
local WORD = 100

-- How many tokens an exclusive grant carries: the scopes that follow each other in the holder's JVM use them up in order.
local GRANTED = 16

-- Whether the holder has just said so; a mark further away than it can be (the clock stepped back) says nothing.
local function in_use(h)
  local ms = now / 1000
  return h[8] > ms and h[8] <= ms + WORD
end

-- Whether a session, as stored, lives, and its expiry needn't be cut.
local function sound(s)
  return s and s[1] > now and s[1] <= now + s[3]
end

-- Whether a lock, as stored, is held by one grant alone and nobody waits for it.
local function only(raw, sid, grant)
  local lock = raw and cmsgpack.unpack(raw)
  local h = lock and not lock[2] and lock[1]
  return h and h[1] == sid and h[2] == grant
end
