-- Record that a late answer stands in the thread, unless it was replaced meanwhile.
-- ARGV: round, member, the answer's act
-- Result: 1.
local stored = redis.call('HGET', key('answers', ARGV[1]), ARGV[2])
if not stored or cjson.decode(stored).id == ARGV[3] then redis.call('ZREM', key('late', ARGV[1]), ARGV[2]) end
return 1
