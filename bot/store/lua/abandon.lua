-- Take back a round whose question could not be posted, as if it had not begun. One that was answered did reach the
-- channel, so it is revealed there without a message of ours: nobody loses an answer.
-- ARGV: round, now
-- Result: 1, or 0 when it was posted after all.
local name = key('round', ARGV[1])
local round = pick(name, 'state', 'channel', 'day', 'opened', 'question', 'previous', 'replies', 'asked_before',
  'queued')
if round.state ~= 'scheduled' then return 0 end
end_blindness(ARGV[1])
if tonumber(round.replies) > 0 then
  redis.call('HSET', name, 'state', 'revealed', 'revealed', ARGV[2], 'reveal_posted', 1)
  count_as_asked(round)
  return 1
end
uncount_as_asked(round)
if round.queued and redis.call('SISMEMBER', key('scheduled'), round.channel) == 1 then
  -- It was an admin's wish, and still is.
  local rest = unqueued(redis.call('HGET', key('channel', round.channel), 'queue') or '', round.question)
  keep_back(round.channel, 'queue', round.question .. (rest ~= '' and ' ' .. rest or ''))
end
redis.call('DEL', name, key('acts', ARGV[1]), key('regulars', ARGV[1]), key('order', ARGV[1]))
redis.call('HSET', key('channel', round.channel), 'round', round.previous)
return 1
