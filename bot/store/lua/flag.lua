-- Keep a member's flag of a question; a newer one takes the place of theirs, an older one that comes late does not, nor
-- does it come back once it is settled.
-- ARGV: id, JSON of the flag, moment, how many a team may have at most, member
-- Result: 1, or 0 when there are too many, or its member had everything erased since.
if is_erased(ARGV[5], tonumber(ARGV[3])) then return 0 end
local flags, id, at = key('flags'), ARGV[1], tonumber(ARGV[3])
local known = redis.call('HGET', flags, id)
local newest = known and cjson.decode(known).at or tonumber(redis.call('GET', key('request', id)) or '-1')
if at <= newest then return 1 end
if redis.call('HEXISTS', flags, id) == 0 and redis.call('HLEN', flags) >= tonumber(ARGV[4]) then return 0 end
redis.call('HSET', flags, id, ARGV[2])
redis.call('ZADD', key('flagged'), 'NX', ARGV[3], id)
return 1
