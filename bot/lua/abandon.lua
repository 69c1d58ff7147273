-- Take back a round whose question could never be posted, as if it had not begun.
-- ARGV: round
-- Result: 1, or 0 when it was posted after all.
local name = key('round', ARGV[1])
local round = pick(name, 'state', 'channel', 'day', 'question', 'previous')
if round.state ~= 'scheduled' then return 0 end
redis.call('DEL', name)
redis.call('HSET', key('channel', round.channel), 'round', round.previous)
redis.call('HDEL', key('open'), ARGV[1])
redis.call('ZREM', key('asked', round.channel), round.question)
if redis.call('HINCRBY', key('unclosed'), round.day, -1) <= 0 then
  redis.call('HDEL', key('unclosed'), round.day)
end
return 1
