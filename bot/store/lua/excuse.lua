-- Excuse a question day of a channel for all its members.
-- ARGV: channel, day
-- Result: excused, same, or none when the day had no question.
local channel, day = ARGV[1], ARGV[2]
if not redis.call('ZSCORE', key('days', channel), day) then return 'none' end
if redis.call('HSETNX', key('excused', channel), day, 'x') == 0 then return 'same' end
redis.call('HINCRBY', key('channel', channel), 'excuses', 1)
return 'excused'
