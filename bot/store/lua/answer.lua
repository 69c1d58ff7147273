-- Record, replace or refuse an answer, with streak, points and boards.
-- ARGV: channel, round or '', message replied to or '', member, name, text, normalised text, now
-- Result: JSON {status, round, replies, points, streak, freezes, hurry?}; status is none, over, pasted, kept,
--   saved, same, replaced, late or late_replaced. `hurry` is the moment at which the round may be revealed now.
local channel, named, message, member, name, text, plain = unpack(ARGV)
local now = tonumber(ARGV[8])
local id = find_round(channel, named, message, member)
local round = pick(key('round', id), 'state', 'channel', 'plain', 'day', 'question', 'replies', 'min_replies',
  'reveal_from')
if not round.state then return cjson.encode({status = 'none'}) end
local late = round.state == 'revealed'
-- After the reveal a thread is for talking about the answers: only a command or a button answers late.
if message ~= '' and (late or round.state == 'closed') then return cjson.encode({status = 'none'}) end
if round.state == 'closed' then return cjson.encode({status = 'over'}) end
if is_pasted(plain, round.plain) then return cjson.encode({status = 'pasted'}) end

local answers = key('answers', id)
local stored = redis.call('HGET', answers, member)
local before = stored and cjson.decode(stored)
if late and before and not before.late then return cjson.encode({status = 'kept'}) end

local points, status = 0, late and 'late' or 'saved'
if before then
  status = before.text == text and 'same' or late and 'late_replaced' or 'replaced'
else
  points = late and 4 or 10
  local day = tonumber(round.day)
  mark_day(member, day, late and 0 or 1, late and 1 or 0)
  award(member, day, points)
  count_done(member, round.question, 1)
  redis.call('ZADD', key('practised', member), now, round.question)
  redis.call('SADD', key('channels', member), round.channel)
  if not late then round.replies = redis.call('HINCRBY', key('round', id), 'replies', 1) end
end
redis.call('HSET', answers, member, cjson.encode({name = name, text = text, at = now, late = late}))
redis.call('HSET', key('names'), member, name)
local state = streak_of(member, now)
rank_streak(member, state)

local replies, hurry = tonumber(round.replies), nil
-- The answer that makes the round ripe says so, and says it again when it is sent twice: the first reply may be lost.
local ripe = status == 'saved' and replies == tonumber(round.min_replies)
  or status == 'same' and replies >= tonumber(round.min_replies)
if ripe and not late then hurry = math.max(now, tonumber(round.reveal_from)) end
return cjson.encode({status = status, round = id, replies = replies, points = points,
  streak = state.streak, freezes = state.freezes, hurry = hurry})
