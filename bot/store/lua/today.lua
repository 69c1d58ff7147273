-- A channel's schedule and the round that a command means, as one member may see it.
-- ARGV: channel, round or '', message or '', member, now, 1 to show the reference to one who has not answered
-- Result: JSON {schedule?, note?, round?, own?, earlier?, hinted?}; the round has its reference only once that is blind
--   nowhere, and for who has answered or asked for it. `earlier` is {text, day}.
local channel, named, message, member, now, show = unpack(ARGV)
local settings = redis.call('HMGET', key('channel', channel), 'schedule', 'note')
local id = find_round(channel, named, message, member)
local fields = {'id', 'channel', 'day', 'state', 'question', 'topic', 'level', 'prompt', 'message', 'replies',
  'min_replies', 'regulars', 'waiting', 'opened', 'reveal_from', 'deadline', 'closes', 'forced', 'reveal_posted',
  'revealed', 'asked_before', 'closed', 'reference'}
local state = redis.call('HGET', key('round', id), 'state')
local own = redis.call('HGET', key('answers', id), member) or nil
local asked = pick(key('round', id), 'prompt_hash', 'question')
-- A question that was revealed here may be open again, here or in another channel of the team.
local blind = state == 'scheduled' or state == 'open' or state and is_open(asked.prompt_hash, asked.question)
local read = state and redis.call('HEXISTS', key('read', id), member) == 1
if state and not blind and not own and show == '1' and not read then
  redis.call('HSET', key('read', id), member, now)
  redis.call('PEXPIRE', key('read', id), RULES.kept_round)
  read = true
end
local round = state and pick(key('round', id), unpack(fields)) or nil
if round then
  round.blind = blind
  if blind or not (own or read) then round.reference = nil end
end
local earlier
if own and not blind then
  local before = read_had(member, asked.question).before
  local text = before ~= '-' and before ~= id and redis.call('HGET', key('answers', before), member)
  if text then earlier = {text = cjson.decode(text).text, day = tonumber(before:match(':(%d+)$'))} end
end
local hinted = state and redis.call('SISMEMBER', key('hint', id), member) == 1 or nil
return cjson.encode({hinted = hinted, schedule = settings[1] or nil, note = settings[2] or nil, round = round, own = own,
  earlier = earlier})
