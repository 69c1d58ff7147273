-- Take what a member is still to be told of a streak, once.
-- ARGV: member, channel
-- Result: "day,f or m,the streak before,until when it can be brought back or 0", or ''.
local mine, field = key('member', ARGV[1]), 'note:' .. ARGV[2]
local word = redis.call('HGET', mine, field)
if word then redis.call('HDEL', mine, field) end
return word or ''
