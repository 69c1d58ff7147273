-- Record that nothing of a member is held any more, unless they asked for that again meanwhile.
-- ARGV: member, moment at which it was asked for
-- Result: 1, or 0 when it was asked for again.
if tonumber(redis.call('HGET', key('erasing'), ARGV[1]) or '') ~= tonumber(ARGV[2]) then return 0 end
redis.call('HDEL', key('erasing'), ARGV[1])
return 1
