-- The open rounds of the channels that a member has answered in, for an overview.
-- ARGV: member
-- Result: JSON [[round, prompt, answered], ...]; at most 20.
local shown = {}
local seen = {}
for _, id in ipairs(redis.call('HVALS', key('open'))) do
  if #shown == 20 then break end
  local round = not seen[id] and pick(key('round', id), 'channel', 'prompt') or {}
  seen[id] = true
  if round.channel and redis.call('SISMEMBER', key('channels', ARGV[1]), round.channel) == 1 then
    shown[#shown + 1] = {id, round.prompt, redis.call('HEXISTS', key('answers', id), ARGV[1]) == 1}
  end
end
return cjson.encode(shown)
