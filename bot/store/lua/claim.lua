-- Claim what is due on one slot of the due queue, and hold it for a lease: a replica that dies with a claim loses it.
-- KEYS: llmq:{due:<platform>:<slot>}, a sorted set of "<team> <channel>" by moment. ARGV: now, lease until, limit
-- Beside it: <key>:held, hash of member -> lease, and <key>:hurried, hash of member -> moment asked for meanwhile.
-- Result: list of members, each followed by the moment that was due.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3])
for i = 1, #due, 2 do
  local member = due[i]
  redis.call('ZADD', KEYS[1], ARGV[2], member)
  redis.call('HSET', KEYS[1] .. ':held', member, ARGV[2])
end
return due
