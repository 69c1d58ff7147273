-- Whether a question is in an open round of the team, so that nothing of its answer may be shown.
-- ARGV: question id, prompt hash
-- Result: 1 or 0.
return is_open(ARGV[2], ARGV[1]) and 1 or 0
