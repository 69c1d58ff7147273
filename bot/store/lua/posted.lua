-- Record that a round's question stands in the channel.
-- ARGV: round, message id
-- Result: 1, or 0 when it was recorded before.
local name = key('round', ARGV[1])
local round = pick(name, 'state', 'channel', 'day', 'opened', 'question')
if round.state ~= 'scheduled' then return 0 end
redis.call('HSET', name, 'state', 'open', 'message', ARGV[2])
redis.call('HDEL', key('channel', round.channel), 'refused_since')
count_as_asked(round)
redis.call('SET', key('message', round.channel, ARGV[2]), ARGV[1], 'PX', RULES.kept_message)
return 1
