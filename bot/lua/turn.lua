-- Take the next turn of a kind of call that Discord wants so far apart, whichever replica makes it.
-- KEYS: llmq:{discord:application:<id>}. ARGV: bucket, now, gap in ms
-- Beside it: <key>:turn:<bucket>, string: the moment of the turn after.
-- Result: milliseconds to wait.
local turn, now, gap = KEYS[1] .. ':turn:' .. ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local mine = math.max(now, tonumber(redis.call('GET', turn) or '0'))
redis.call('SET', turn, string.format('%.0f', mine + gap), 'PX', math.max(mine + gap - now, 1))
return mine - now
