-- Note that a member used the hint of a round or of a practice question.
-- ARGV: member, round or '', question
-- Result: 1.
if ARGV[2] ~= '' then
  redis.call('SADD', key('hint', ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', key('hint', ARGV[2]), RULES.kept_round)
else
  redis.call('SET', key('hinted', ARGV[1]), ARGV[3], 'PX', RULES.kept_attempt)
end
return 1
