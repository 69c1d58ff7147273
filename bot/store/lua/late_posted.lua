-- Record that a late answer stands in the thread, or stands there no more, unless it was changed meanwhile.
-- ARGV: round, member, the answer's act, or '' for one that was taken back
-- Result: 1.
local stored = redis.call('HGET', key('answers', ARGV[1]), ARGV[2])
if (stored and cjson.decode(stored).id or '') == ARGV[3] then redis.call('ZREM', key('late', ARGV[1]), ARGV[2]) end
return 1
