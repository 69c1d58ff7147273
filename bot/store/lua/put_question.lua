-- Put a question into the team's own deck, or a new version of one whose answer nobody waits for.
-- ARGV: id, JSON of its entry as it was read or '', JSON of it as it is to be, moment of the act, its request where no
--   platform told that moment, the question's id with its deck and the hash of its prompt as it was read, what a new
--   one is known by when it is sent again
-- Result: 1, 0 when it is there or was changed, -1 when it is open or comes soon, or -2 when the deck is full.
local deck, name, before, after = key('deck'), own_field(ARGV[1]), ARGV[2], ARGV[3]
local at, versions = first_moment(ARGV[5], tonumber(ARGV[4])), key('versions', ARGV[1])
local stored = redis.call('HGET', deck, name) or ''
if stored == after then return 1 end
if stored ~= before then return 0 end
if stored == '' then
  -- What was added may have been changed since.
  if ARGV[8] ~= '' and at <= tonumber(redis.call('GET', key('request', ARGV[8])) or '-1') then return 1 end
  if redis.call('HLEN', deck) > RULES.most_own_questions then return -2 end
  if ARGV[8] ~= '' then
    redis.call('SET', key('request', ARGV[8]), string.format('%.0f', at), 'PX', RULES.kept_request)
  end
else
  if is_open(ARGV[7], ARGV[6]) or redis.call('HEXISTS', key('ahead'), ARGV[6]) == 1 then return -1 end
  if at <= tonumber((redis.call('LINDEX', versions, 0) or '-1'):match('^%S+')) then return 0 end
  redis.call('LPUSH', versions, string.format('%.0f ', at) .. stored)
  redis.call('LTRIM', versions, 0, RULES.most_versions - 1)
end
redis.call('HSET', deck, name, after, 'revision', next_revision(at))
return 1
