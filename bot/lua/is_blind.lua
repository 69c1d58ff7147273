-- Whether a question is in an open round of the team, so that nothing of its answer may be shown.
-- ARGV: question id
-- Result: 1 or 0.
for _, question in ipairs(redis.call('HVALS', key('open'))) do
  if question == ARGV[1] then return 1 end
end
return 0
