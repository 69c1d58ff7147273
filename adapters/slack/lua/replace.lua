-- Give a workspace's installation another token, or delete it, if it is still the one that was read.
-- KEYS: llmq:{<team>}:install. ARGV: as it was read, what is to stand there (nothing deletes it)
-- Result: 1 if it was done, else 0.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2]) end
return 1
