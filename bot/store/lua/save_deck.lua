-- Store a deck's shelf if nobody changed it since it was read.
-- KEYS: llmq:{deck:<deck>}, a hash of revision and shelf (JSON). ARGV: revision that was read, shelf
-- Result: 1, or 0 when another replica was first.
local revision = redis.call('HGET', KEYS[1], 'revision') or '0'
if revision ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'revision', revision + 1, 'shelf', ARGV[2])
return 1
