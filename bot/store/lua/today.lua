-- A channel's schedule and the round that a command means, as one member may see it.
-- ARGV: channel, round or '', message or '', member
-- Result: JSON {schedule?, note?, round?, own?}; the round has its reference only once that is blind nowhere.
local channel, named, message, member = unpack(ARGV)
local settings = redis.call('HMGET', key('channel', channel), 'schedule', 'note')
local id = find_round(channel, named, message, member)
local fields = {'id', 'channel', 'day', 'state', 'question', 'topic', 'level', 'prompt', 'message', 'replies',
  'min_replies', 'opened', 'reveal_from', 'deadline', 'closes', 'forced', 'told', 'reference'}
local state = redis.call('HGET', key('round', id), 'state')
local blind = state == 'scheduled' or state == 'open'
-- A question that was revealed here may be open again, here or in another channel of the team.
local asked = pick(key('round', id), 'prompt_hash', 'question')
if blind or state and is_open(asked.prompt_hash, asked.question) then fields[#fields] = nil end
local round = state and pick(key('round', id), unpack(fields)) or nil
return cjson.encode({schedule = settings[1] or nil, note = settings[2] or nil, round = round,
  own = redis.call('HGET', key('answers', id), member) or nil})
