-- Creates one lane's stream, empty, so that producers can add with NOMKSTREAM.
-- KEYS[1]  the lane's stream
-- Reply    {1} if the stream was created, {0} if it existed
-- Invariant: an existing stream is not changed.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return {0}
end
redis.call('XADD', KEYS[1], '0-1', '1', '')
redis.call('XDEL', KEYS[1], '0-1')
return {1}
