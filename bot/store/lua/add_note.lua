-- Let a member be told something.
-- ARGV: member, JSON of the note, moment
-- Result: 1.
redis.call('ZADD', key('notes', ARGV[1]), ARGV[3], ARGV[2])
return 1
