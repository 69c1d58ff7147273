-- The team's open rounds, for a member's overview.
-- ARGV: member
-- Result: JSON [[round, channel, prompt, answered], ...]; at most 20.
local shown = {}
for _, id in ipairs(redis.call('HKEYS', key('open'))) do
  if #shown == 20 then break end
  local round = redis.call('HMGET', key('round', id), 'channel', 'prompt')
  if round[1] then
    shown[#shown + 1] = {id, round[1], round[2], redis.call('HEXISTS', key('answers', id), ARGV[1]) == 1}
  end
end
return cjson.encode(shown)
