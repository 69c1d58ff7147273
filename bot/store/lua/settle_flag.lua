-- Settle a flag, and with it retire its question in the team where that is the outcome.
-- ARGV: id, JSON of the flag as it was read, JSON of it settled, question to retire or '', moment, JSON of the note to
--   its author, author
-- Result: 1, or 0 when the flag is gone or was changed.
local flags, id = key('flags'), ARGV[1]
if redis.call('HGET', flags, id) ~= ARGV[2] then return 0 end
redis.call('HDEL', flags, id)
-- A platform may repeat it.
redis.call('SET', key('request', id), cjson.decode(ARGV[2]).at, 'PX', RULES.kept_request)
redis.call('ZREM', key('flagged'), id)
redis.call('LPUSH', key('settled'), ARGV[3])
redis.call('LTRIM', key('settled'), 0, RULES.most_settled_flags - 1)
if ARGV[4] ~= '' and not is_overtaken('retired:' .. ARGV[4], tonumber(ARGV[5])) then
  redis.call('HSET', key('retired'), ARGV[4], ARGV[5])
end
redis.call('ZADD', key('notes', ARGV[7]), ARGV[5], ARGV[6])
return 1
