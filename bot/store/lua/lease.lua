-- Takes a lease that nobody holds, or renews one's own.
-- KEYS: lease
-- ARGV: holder, milliseconds
-- Result: 1 where the lease is the holder's now, else 0.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
