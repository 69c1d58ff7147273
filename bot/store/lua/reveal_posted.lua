-- Record how far a reveal stands in the channel.
-- ARGV: round, the number of answers that are posted or '' for the whole, the message they end in, the mean share of
--   the key points that was found in the answers or ''
-- Result: 1.
local name = key('round', ARGV[1])
if ARGV[2] == '' then
  redis.call('HSET', name, 'reveal_posted', 1)
  if ARGV[4] ~= '' then redis.call('HSET', name, 'covered', ARGV[4]) end
  redis.call('HDEL', key('channel', redis.call('HGET', name, 'channel')), 'refused_since')
else
  redis.call('HSET', name, 'answers_posted', ARGV[2], 'thread_end', ARGV[3])
end
return 1
