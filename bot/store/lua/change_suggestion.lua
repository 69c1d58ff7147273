-- Change a suggestion that waits.
-- ARGV: id, JSON as it was read, JSON as it is to be, moment of the act or '' where its order does not matter, its
--   request where no platform told that moment
-- Result: 1, or 0 when it is gone or was changed, or a newer change stands.
local suggestions, id = key('suggestions'), ARGV[1]
local stored = redis.call('HGET', suggestions, id)
if stored == ARGV[3] then return 1 end
if stored ~= ARGV[2] then return 0 end
if ARGV[4] ~= '' and is_overtaken('changed:' .. id, first_moment(ARGV[5], tonumber(ARGV[4]))) then return 0 end
redis.call('HSET', suggestions, id, ARGV[3])
return 1
