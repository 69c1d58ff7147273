-- Give a claim back with its next moment, or an earlier one that was asked for while it was held.
-- KEYS: llmq:{due:<platform>:<slot>}. ARGV: member, the lease that was claimed, next moment or ''
-- Result: 1, or 0 when the claim had run out and was taken by another.
local member, next_moment = ARGV[1], tonumber(ARGV[3])
local held, hurried = KEYS[1] .. ':held', KEYS[1] .. ':hurried'
if redis.call('HGET', held, member) ~= ARGV[2] then return 0 end
local sooner = tonumber(redis.call('HGET', hurried, member) or '')
redis.call('HDEL', held, member)
redis.call('HDEL', hurried, member)
redis.call('HDEL', KEYS[1] .. ':failed', member)
if sooner and (not next_moment or sooner < next_moment) then next_moment = sooner end
if next_moment then redis.call('ZADD', KEYS[1], next_moment, member) else redis.call('ZREM', KEYS[1], member) end
return 1
