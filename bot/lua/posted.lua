-- Record that a round's question stands in the channel.
-- ARGV: round, message id
-- Result: 1, or 0 when it was recorded before.
local round = key('round', ARGV[1])
if redis.call('HGET', round, 'state') ~= 'scheduled' then return 0 end
local channel = redis.call('HGET', round, 'channel')
redis.call('HSET', round, 'state', 'open', 'message', ARGV[2])
-- A date is a round day of the team once a question stands in a channel, not before.
local day = redis.call('HGET', round, 'day')
redis.call('ZADD', key('days'), day, day)
redis.call('SET', key('message', channel, ARGV[2]), ARGV[1], 'PX', 8 * DAY)
return 1
