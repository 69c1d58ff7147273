-- The open rounds of the channels that a member has answered in, for an overview.
-- ARGV: member
-- Result: JSON [[round, channel, prompt, answered], ...]; at most 20.
local shown = {}
for _, channel in ipairs(redis.call('HKEYS', key('streaks', ARGV[1]))) do
  if #shown == 20 then break end
  local id = redis.call('HGET', key('channel', channel), 'round')
  local round = id and pick(key('round', id), 'state', 'prompt') or {}
  if round.state == 'open' or round.state == 'scheduled' then
    shown[#shown + 1] = {id, channel, round.prompt, redis.call('HEXISTS', key('answers', id), ARGV[1]) == 1}
  end
end
return cjson.encode(shown)
