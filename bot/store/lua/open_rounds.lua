-- What is open, and planned, in the channels that a member has answered in, for an overview.
-- ARGV: member
-- Result: JSON {open: [[round, channel, prompt, answered], ...], planned: [[channel, schedule, day of the newest
--   round], ...]}; at most 20 of each, as JSON arrays or an empty object.
local open, planned = {}, {}
for _, channel in ipairs(redis.call('HKEYS', key('streaks', ARGV[1]))) do
  if #open == 20 then break end
  local here = pick(key('channel', channel), 'round', 'schedule')
  local round = here.round and pick(key('round', here.round), 'state', 'prompt', 'day') or {}
  if round.state == 'open' or round.state == 'scheduled' then
    open[#open + 1] = {here.round, channel, round.prompt, redis.call('HEXISTS', key('answers', here.round), ARGV[1]) == 1}
  elseif here.schedule and #planned < 20 then
    planned[#planned + 1] = {channel, here.schedule, tonumber(round.day or '0')}
  end
end
return cjson.encode({open = open, planned = planned})
