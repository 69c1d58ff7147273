-- Take an answer back before the reveal, with its streak and points.
-- ARGV: request id, channel, round or '', message or '', member, now
-- Result: JSON {status, text?}; status is none, revealed, nothing or withdrawn.
local request, channel, named, message, member = unpack(ARGV)
-- A repeated request gives the text again: the first reply may have been lost, and with it the answer.
local taken_back = redis.call('GET', key('request', request))
if taken_back then return cjson.encode({status = 'withdrawn', text = taken_back}) end
local id = find_round(channel, named, message, member)
local round = pick(key('round', id), 'state', 'day', 'question')
if not round.state then return cjson.encode({status = 'none'}) end
local stored = redis.call('HGET', key('answers', id), member)
if not stored then return cjson.encode({status = 'nothing'}) end
if round.state ~= 'open' and round.state ~= 'scheduled' then return cjson.encode({status = 'revealed'}) end

local day = tonumber(round.day)
redis.call('HDEL', key('answers', id), member)
redis.call('HINCRBY', key('round', id), 'replies', -1)
mark_day(member, day, -1, 0)
award(member, day, -10)
count_done(member, round.question, -1)
rank_streak(member, streak_of(member, tonumber(ARGV[6])))
local text = cjson.decode(stored).text
redis.call('SET', key('request', request), text, 'PX', DAY)
return cjson.encode({status = 'withdrawn', text = text})
