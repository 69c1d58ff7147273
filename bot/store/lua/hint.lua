-- Note that a member used the hint of a round or of a practice question.
-- ARGV: member, round or '', question
-- Result: the labels of the round's own key points, as it was asked with them; none for a practice question.
local labels = {}
if ARGV[2] ~= '' then
  redis.call('SADD', key('hint', ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', key('hint', ARGV[2]), RULES.kept_round)
  local reference = cjson.decode(redis.call('HGET', key('round', ARGV[2]), 'reference') or '{}')
  for _, point in ipairs(reference.key_points or {}) do labels[#labels + 1] = point.label end
else
  redis.call('SET', key('hinted', ARGV[1]), ARGV[3], 'PX', RULES.kept_attempt)
end
return labels
