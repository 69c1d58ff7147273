-- Keep what a member wrote in the form of a suggestion, for some days.
-- ARGV: member, JSON of it, moment
-- Result: 1, or 0 when the member had everything erased since.
if is_erased(ARGV[1], tonumber(ARGV[3])) then return 0 end
redis.call('SET', key('draft', ARGV[1]), ARGV[2], 'PX', RULES.kept_draft)
return 1
