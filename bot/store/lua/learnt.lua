-- All that a member has graded, and how many are due.
-- ARGV: member, now
-- Result: JSON {learnt: [[question, stored], ...], due}
local flat, found = redis.call('HGETALL', key('learnt', ARGV[1])), {}
for i = 1, #flat, 2 do found[#found + 1] = {flat[i], flat[i + 1]} end
return cjson.encode({learnt = found, due = redis.call('ZCOUNT', key('due', ARGV[1]), '-inf', ARGV[2])})
