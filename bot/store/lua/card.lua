-- What a member has of a question for learning it: the state of memory, and the last attempt.
-- ARGV: member, question
-- Result: JSON {learnt?, attempt?}
local learnt = redis.call('HGET', key('learnt', ARGV[1]), ARGV[2])
local attempt = redis.call('GET', key('attempt', ARGV[1]))
if attempt and cjson.decode(attempt).question ~= ARGV[2] then attempt = false end
return cjson.encode({learnt = learnt or nil, attempt = attempt or nil})
