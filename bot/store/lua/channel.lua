-- All that the scheduler and an admin need of a channel.
-- ARGV: channel
-- Result: JSON {channel: fields, round?: fields with the reference, asked: [[question id, moment], ...],
--   open: [prompt hash or question id, ...], retired: [question id, ...], late: members whose late answers are to be posted,
--   untold?: fields of the round before, whose reveal is not told to its end, deck (revision of the team's own), left
--   (whether llmq was taken out of the team)}.
local channel = hash(key('channel', ARGV[1]))
local round = channel.round and hash(key('round', channel.round)) or nil
if round and not round.state then round = nil end
local untold = channel.untold and hash(key('round', channel.untold)) or nil
if untold and not untold.state then untold = nil end
local flat, asked = redis.call('ZRANGE', key('asked', ARGV[1]), 0, -1, 'WITHSCORES'), {}
for i = 1, #flat, 2 do asked[#asked + 1] = {flat[i], tonumber(flat[i + 1])} end
local late = round and redis.call('ZCARD', key('late', channel.round)) or 0
return cjson.encode({channel = channel, round = round, asked = asked, open = redis.call('HKEYS', key('open')),
  retired = redis.call('HKEYS', key('retired')), late = late, untold = untold,
  deck = redis.call('HGET', key('deck'), 'revision') or '',
  left = redis.call('HEXISTS', key('team'), 'left') == 1})
