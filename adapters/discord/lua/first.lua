-- Whether an event that two replicas may have had, while a shard goes from one to the other, is this one's to handle.
-- KEYS: llmq:{discord:application:<id>}. ARGV: replica, shard, event, how long to remember it in ms
-- Beside it: <key>:event:<event>, string: the replica that handles it.
-- Result: 1 or 0.
local holder = redis.call('HGET', KEYS[1] .. ':shards', ARGV[2])
if holder ~= ARGV[1] and holder == redis.call('HGET', KEYS[1] .. ':served', ARGV[2]) then return 0 end
local event = KEYS[1] .. ':event:' .. ARGV[3]
redis.call('SET', event, ARGV[1], 'NX', 'PX', ARGV[4])
return redis.call('GET', event) == ARGV[1] and 1 or 0
