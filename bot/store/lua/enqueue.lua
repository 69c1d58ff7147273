-- Look at a channel at a moment, or before if that is planned. While it is claimed, the claim's end sees to it.
-- KEYS: llmq:{due:<platform>:<slot>}. ARGV: member, moment
-- Result: 1.
local member, moment = ARGV[1], tonumber(ARGV[2])
if redis.call('HEXISTS', KEYS[1] .. ':held', member) == 1 then
  local asked = redis.call('HGET', KEYS[1] .. ':hurried', member)
  if not asked or moment < tonumber(asked) then redis.call('HSET', KEYS[1] .. ':hurried', member, ARGV[2]) end
else
  redis.call('ZADD', KEYS[1], 'LT', ARGV[2], member)
end
return 1
