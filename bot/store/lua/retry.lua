-- Give a claim back after a failure: the more of them in a row, the later it is taken up again.
-- KEYS: llmq:{due:<platform>:<slot>}. ARGV: member, the lease that was claimed, now, first wait, longest wait
-- Beside it: <key>:failed, hash of member -> failures in a row.
-- Result: 1, or 0 when the claim had run out and was taken by another.
local member, now, first, longest = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local held = KEYS[1] .. ':held'
if redis.call('HGET', held, member) ~= ARGV[2] then return 0 end
local failures = redis.call('HINCRBY', KEYS[1] .. ':failed', member, 1)
redis.call('HDEL', held, member)
redis.call('HDEL', KEYS[1] .. ':hurried', member)
redis.call('ZADD', KEYS[1], now + math.min(first * 2 ^ math.min(failures - 1, 16), longest), member)
return 1
