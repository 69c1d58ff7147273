-- Reserve the next free moment for a kind of call that Discord wants so far apart, whichever replica makes it.
-- KEYS: llmq:{discord:application:<id>}. ARGV: bucket, now, gap in ms
-- Beside it: <key>:turn:<bucket>, string: the next free moment.
-- Result: milliseconds to wait.
local name, now, gap = KEYS[1] .. ':turn:' .. ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local mine = math.max(now, tonumber(redis.call('GET', name) or '0'))
redis.call('SET', name, string.format('%.0f', mine + gap), 'PX', math.max(mine + gap - now, 1))
return mine - now
