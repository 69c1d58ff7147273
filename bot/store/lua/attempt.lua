-- Keep what a member answered in practice or review, for a while, so that it can be compared.
-- ARGV: member, JSON {question, text, said, hint}
-- Result: 1.
redis.call('SET', key('attempt', ARGV[1]), ARGV[2], 'PX', RULES.kept_attempt)
return 1
