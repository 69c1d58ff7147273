-- Say that a platform is served at this moment, and note how long it was not before.
-- KEYS: llmq:{beat:<platform>}, string: the last moment. ARGV: now, the shortest gap that counts, how long to remember
-- Beside it: <key>:gaps, sorted set of "<from> <to>" by their ends.
-- Result: 1.
local now, last = tonumber(ARGV[1]), tonumber(redis.call('GET', KEYS[1]) or '')
local gaps = KEYS[1] .. ':gaps'
if last and now - last >= tonumber(ARGV[2]) then
  redis.call('ZADD', gaps, now, string.format('%.0f %.0f', last, now))
end
redis.call('ZREMRANGEBYSCORE', gaps, '-inf', now - tonumber(ARGV[3]))
if not last or now > last then redis.call('SET', KEYS[1], string.format('%.0f', now)) end
return 1
