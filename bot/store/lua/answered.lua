-- The questions a member has answered.
-- ARGV: member
-- Result: list of question ids.
return redis.call('HKEYS', key('questions', ARGV[1]))
