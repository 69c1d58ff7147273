-- Let the channel's open round be revealed now.
-- ARGV: channel
-- Result: the state of the channel's newest round (scheduled, open, revealed, closed) or ''.
local id = redis.call('HGET', key('channel', ARGV[1]), 'round')
local state = id and redis.call('HGET', key('round', id), 'state')
if state == 'open' or state == 'scheduled' then redis.call('HSET', key('round', id), 'forced', 1) end
return state or ''
