-- Keep what a member answered in practice or review, for a while, so that it can be compared.
-- ARGV: member, JSON {question, text}, moment of the act
-- Result: 1 when the member used the hint of that question before, else 0.
local member, attempt = ARGV[1], cjson.decode(ARGV[2])
if is_erased(member, tonumber(ARGV[3])) then return 0 end
attempt.hinted = redis.call('GET', key('hinted', member)) == attempt.question
redis.call('SET', key('attempt', member), cjson.encode(attempt), 'PX', RULES.kept_attempt)
return attempt.hinted and 1 or 0
