-- What a member is still to be told of a streak. It stays until it was told, so that nothing is lost with who tells it.
-- ARGV: member, channel, "day,f or m" of what was told, or ''
-- Result: "day,f or m,the streak before,until when it can be brought back or 0", or ''.
local mine, field, told = key('member', ARGV[1]), 'note:' .. ARGV[2], ARGV[3] .. ','
local word = redis.call('HGET', mine, field) or ''
if word:sub(1, #told) == told then redis.call('HDEL', mine, field) end
return word
