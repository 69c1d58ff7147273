-- All that a member has graded, and what is due.
-- ARGV: member, now
-- Result: JSON {learnt: [[question, stored], ...], due: [question, ...]}
local flat, found = redis.call('HGETALL', key('learnt', ARGV[1])), {}
for i = 1, #flat, 2 do found[#found + 1] = {flat[i], flat[i + 1]} end
return cjson.encode({learnt = found, due = due_for(ARGV[1], ARGV[2])})
