-- Whether a member is to be reminded of something for the first time on a day of theirs; from now on not any more.
-- ARGV: member, kind, day
-- Result: 1 or 0.
local mine, field, day = key('member', ARGV[1]), 'reminded:' .. ARGV[2], tonumber(ARGV[3])
if tonumber(redis.call('HGET', mine, field) or '0') >= day then return 0 end
redis.call('HSET', mine, field, day)
return 1
