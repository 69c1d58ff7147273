-- Close a revealed round: its day counts for every streak from here on.
-- ARGV: round, now, 1 when it could be answered for too short a time because llmq was down, 1 when what is left of its
--   reveal is told behind the next question
-- Result: rounds in a row that nobody answered, or -1 when it is not revealed or closed already.
local name = key('round', ARGV[1])
local round = pick(name, 'state', 'channel', 'day', 'reveal_posted')
if round.state ~= 'revealed' then return -1 end
redis.call('HSET', name, 'state', 'closed', 'closed', ARGV[2])
if ARGV[3] == '1' then redis.call('HSET', key('excused', round.channel), round.day, 'd') end
redis.call('PEXPIRE', name, RULES.kept_round)
redis.call('PEXPIRE', key('answers', ARGV[1]), RULES.kept_round)
redis.call('DEL', key('acts', ARGV[1]), key('regulars', ARGV[1]), key('late', ARGV[1]))
redis.call('PEXPIRE', key('read', ARGV[1]), RULES.kept_round)
local channel = key('channel', round.channel)
if ARGV[4] == '1' and not round.reveal_posted then
  redis.call('HSET', channel, 'untold', ARGV[1])
  redis.call('PEXPIRE', key('order', ARGV[1]), RULES.kept_round)
else
  redis.call('DEL', key('order', ARGV[1]))
end
-- The platform has taken what is said at the end of a round whose reveal stands there.
if round.reveal_posted then redis.call('HDEL', channel, 'refused_since') end
if redis.call('EXISTS', key('answers', ARGV[1])) == 1 or ARGV[3] == '1' then
  redis.call('HDEL', channel, 'unanswered')
  return 0
end
return redis.call('HINCRBY', channel, 'unanswered', 1)
