-- Record how far a reveal stands in the channel.
-- ARGV: round, the number of answers that are posted or '' for the whole, the message they end in
-- Result: 1.
if ARGV[2] == '' then
  redis.call('HSET', key('round', ARGV[1]), 'reveal_posted', 1)
else
  redis.call('HSET', key('round', ARGV[1]), 'answers_posted', ARGV[2], 'thread_end', ARGV[3])
end
return 1
