-- Begin a round: at most one for a channel and a local date, with a question that is blind in no other channel.
-- ARGV: channel, day, utc offset, now, then the names and values of the round's other fields
-- Result: JSON {status, id}; begun, exists (the date has had its round), busy (the round before is not revealed yet), or
--   taken (the question is in an open round of the team).
local channel, day, offset, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local id = channel .. ':' .. day
if redis.call('EXISTS', key('round', id)) == 1 then return cjson.encode({status = 'exists'}) end
local previous = redis.call('HGET', key('channel', channel), 'round')
local state = previous and redis.call('HGET', key('round', previous), 'state')
if state and state ~= 'closed' then return cjson.encode({status = 'busy'}) end

local round = {}
for i = 5, #ARGV, 2 do round[ARGV[i]] = ARGV[i + 1] end
if is_open(round.prompt_hash, round.question) then return cjson.encode({status = 'taken'}) end
redis.call('HSET', key('round', id), 'id', id, 'channel', channel, 'day', day, 'state', 'scheduled',
  'replies', 0, 'opened', now, 'previous', previous or '', unpack(ARGV, 5))
redis.call('HSET', key('channel', channel), 'round', id)
redis.call('HDEL', key('channel', channel), 'now')
keep_offset(channel, offset)
redis.call('HSET', key('open'), round.prompt_hash, id, round.question, id)
redis.call('HINCRBY', key('unclosed'), day, 1)
return cjson.encode({status = 'begun', id = id})
