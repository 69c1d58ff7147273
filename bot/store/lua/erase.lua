-- Begin to erase a member: from here on no act of theirs up to this moment counts, whenever it arrives.
-- ARGV: member, moment
-- Result: 1.
local member, at = ARGV[1], math.max(tonumber(ARGV[2]), tonumber(redis.call('HGET', key('erasing'), ARGV[1]) or '0'))
redis.call('HSET', key('erasing'), member, string.format('%.0f', at))
redis.call('SET', erased_mark(member), string.format('%.0f', at), 'PX', RULES.kept_erased)
return 1
