-- Record how many answers an open question's post says.
-- ARGV: round, how many, now, how often a newer number was tried in vain
-- Result: 1, or 0 when the round is not open any more.
local name = key('round', ARGV[1])
if redis.call('HGET', name, 'state') ~= 'open' then return 0 end
redis.call('HSET', name, 'shown', ARGV[2], 'shown_at', ARGV[3], 'in_vain', ARGV[4])
return 1
