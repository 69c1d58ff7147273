-- Whether an act is from before its member had everything of theirs erased.
-- ARGV: member, moment
-- Result: 1 or 0.
return is_erased(ARGV[1], tonumber(ARGV[2])) and 1 or 0
