-- Take a member's word for a key point that was not found in an answer, and propose its words to the authors.
-- ARGV: member, question, round or '', label, now
-- Result: said, same, or none where there is no answer.
local member, question, id, label, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local text, said
if id ~= '' then
  local given = redis.call('HGET', key('answers', id), member)
  if not given then return 'none' end
  local answer = cjson.decode(given)
  answer.said = answer.said or {}
  for _, one in ipairs(answer.said) do
    if one == label then return 'same' end
  end
  table.insert(answer.said, label)
  text = answer.text
  redis.call('HSET', key('answers', id), member, cjson.encode(answer))
else
  local name = key('attempt', member)
  local stored = redis.call('GET', name)
  local attempt = stored and cjson.decode(stored)
  if not attempt or attempt.question ~= question then return 'none' end
  attempt.said = attempt.said or {}
  for _, one in ipairs(attempt.said) do
    if one == label then return 'same' end
  end
  table.insert(attempt.said, label)
  text = attempt.text
  redis.call('SET', name, cjson.encode(attempt), 'KEEPTTL')
end
-- The words are a member's answer, so they are kept no longer than answers are.
local proposals = key('proposals')
redis.call('LPUSH', proposals, cjson.encode({question = question, point = label, text = text, member = member, at = now}))
redis.call('LTRIM', proposals, 0, RULES.most_proposals - 1)
while (cjson.decode(redis.call('LINDEX', proposals, -1)).at or 0) < now - RULES.kept_round do
  redis.call('RPOP', proposals)
end
redis.call('PEXPIRE', proposals, RULES.kept_round)
return 'said'
