-- Note an act of an admin of a channel, once.
-- ARGV: channel, request, JSON of the act, how many are kept
-- Result: 1, or 0 when it is noted already.
local name = key('log', ARGV[1])
for _, stored in ipairs(redis.call('LRANGE', name, 0, -1)) do
  if cjson.decode(stored).id == ARGV[2] then return 0 end
end
redis.call('LPUSH', name, ARGV[3])
redis.call('LTRIM', name, 0, ARGV[4] - 1)
return 1
