-- Record how far a reveal stands in the channel.
-- ARGV: round, the number of answers that are posted or '' for the whole, the message they end in, the mean share of
--   the key points that was found in the answers or ''
-- Result: 1.
local name = key('round', ARGV[1])
if ARGV[2] == '' then
  redis.call('HSET', name, 'reveal_posted', 1)
  if ARGV[4] ~= '' then redis.call('HSET', name, 'covered', ARGV[4]) end
  local channel = key('channel', redis.call('HGET', name, 'channel'))
  redis.call('HDEL', channel, 'refused_since')
  if redis.call('HGET', channel, 'untold') == ARGV[1] then
    redis.call('HDEL', channel, 'untold')
    redis.call('DEL', key('order', ARGV[1]))
  end
else
  redis.call('HSET', name, 'answers_posted', ARGV[2], 'thread_end', ARGV[3])
end
return 1
