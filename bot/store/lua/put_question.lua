-- Put a question into the team's own deck, or a new version of one.
-- ARGV: id, JSON of its entry as it was read or '', JSON of it as it is to be, moment
-- Result: 1, 0 when it is there or was changed, or -2 when the deck is full.
local deck, name, before, after = key('deck'), own_field(ARGV[1]), ARGV[2], ARGV[3]
local stored = redis.call('HGET', deck, name) or ''
if stored == after then return 1 end
if stored ~= before then return 0 end
if stored == '' and redis.call('HLEN', deck) > RULES.most_own_questions then return -2 end
redis.call('HSET', deck, name, after, 'revision', next_revision(tonumber(ARGV[4])))
if stored ~= '' then
  redis.call('LPUSH', key('versions', ARGV[1]), ARGV[4] .. ' ' .. stored)
  redis.call('LTRIM', key('versions', ARGV[1]), 0, RULES.most_versions - 1)
end
return 1
