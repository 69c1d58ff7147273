-- Reveal a round that may be revealed: from here on answers are late and no longer blind.
-- ARGV: round, now
-- Result: 1 when it is revealed and its reveal is still to be posted, else 0.
local name, now = key('round', ARGV[1]), tonumber(ARGV[2])
local round = pick(name, 'state', 'replies', 'min_replies', 'regulars', 'waiting', 'reveal_from', 'deadline', 'forced',
  'reveal_posted')
if round.state == 'revealed' then return round.reveal_posted and 0 or 1 end
if round.state ~= 'open' then return 0 end
local all = round.regulars == '' or round.regulars == '1' and tonumber(round.waiting) <= 0
local enough = all and tonumber(round.replies) >= tonumber(round.min_replies) and now >= tonumber(round.reveal_from)
if not (round.forced or enough or now >= tonumber(round.deadline)) then return 0 end
redis.call('HSET', name, 'state', 'revealed', 'revealed', now)
end_blindness(ARGV[1])
return 1
