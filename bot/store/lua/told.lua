-- Record that a reveal stands in the channel.
-- ARGV: round
redis.call('HSET', key('round', ARGV[1]), 'told', 1)
return 1
