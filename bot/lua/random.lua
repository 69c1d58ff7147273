-- Choose a practice question: never one of an open round, first one the member has not had, else the one longest ago.
-- ARGV: member, now, then candidates in a random order: question id and prompt hash of each
-- Result: the question's id, or '' when every candidate is in an open round.
local member, now = ARGV[1], tonumber(ARGV[2])
local is_open, practised = open_questions(), key('practised', member)
local chosen, oldest = '', math.huge
for i = 3, #ARGV, 2 do
  if not is_open(ARGV[i + 1], ARGV[i]) then
    local had = tonumber(redis.call('ZSCORE', practised, ARGV[i]) or '-1')
    if had < oldest then chosen, oldest = ARGV[i], had end
    if had < 0 then break end
  end
end
if chosen ~= '' then
  redis.call('ZADD', practised, now, chosen)
  redis.call('ZREMRANGEBYRANK', practised, 0, -1001)
end
return chosen
