-- Whether nothing of a question's answer may be shown: it is in an open round of the team, or comes soon.
-- ARGV: question id, prompt hash
-- Result: 1 or 0.
return is_kept_back(ARGV[2], ARGV[1]) and 1 or 0
