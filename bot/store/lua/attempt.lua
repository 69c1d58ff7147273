-- Keep what a member answered in practice or review, for a while, so that it can be compared.
-- ARGV: member, JSON {question, text, said, hint}, moment of the act
-- Result: 1, or 0 when everything was erased since.
if is_erased(ARGV[1], tonumber(ARGV[3])) then return 0 end
redis.call('SET', key('attempt', ARGV[1]), ARGV[2], 'PX', RULES.kept_attempt)
return 1
