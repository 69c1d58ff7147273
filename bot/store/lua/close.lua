-- Close a revealed round: its day counts for every streak from here on.
-- ARGV: round
-- Result: 1, or 0 when it is not revealed or closed already.
local KEPT_ROUND = 90 * DAY
local name = key('round', ARGV[1])
if redis.call('HGET', name, 'state') ~= 'revealed' then return 0 end
redis.call('HSET', name, 'state', 'closed')
local day = redis.call('HGET', name, 'day')
if redis.call('HINCRBY', key('unclosed'), day, -1) <= 0 then redis.call('HDEL', key('unclosed'), day) end
redis.call('PEXPIRE', name, KEPT_ROUND)
redis.call('PEXPIRE', key('answers', ARGV[1]), KEPT_ROUND)
return 1
