-- Choose a practice question: never one that is open or comes soon, first one the member has not had, else the one
-- longest ago.
-- ARGV: member, now, candidates in a random order: question id and prompt hash of each, separated by spaces
-- Result: {the question's id, or '' when every candidate is kept back; 1 when the member had it before}.
local member, now = ARGV[1], tonumber(ARGV[2])
local practised = key('practised', member)
local chosen, oldest = '', math.huge
for question, prompt_hash in ARGV[3]:gmatch('(%S+) (%S+)') do
  if not is_kept_back(prompt_hash, question) then
    local had = tonumber(redis.call('ZSCORE', practised, question) or '-1')
    if had < oldest then chosen, oldest = question, had end
    if had < 0 then break end
  end
end
if chosen ~= '' then
  redis.call('ZADD', practised, now, chosen)
  redis.call('ZREMRANGEBYRANK', practised, 0, -1001)
end
return {chosen, oldest >= 0 and oldest < math.huge and 1 or 0}
