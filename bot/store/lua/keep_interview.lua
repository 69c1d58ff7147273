-- Keep a member's interview unless it has changed since it was read, and put questions into their review now.
-- ARGV: member, what was stored before or '', what is stored now or '' to drop it, now, questions
-- Result: 1, or 0 when it has changed.
local name = key('interview', ARGV[1])
local stored = redis.call('GET', name) or ''
if stored == ARGV[3] then return 1 end
if stored ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('DEL', name)
else
  redis.call('SET', name, ARGV[3], 'PX', RULES.kept_interview)
end
for i = 5, #ARGV do redis.call('ZADD', key('due', ARGV[1]), 'LT', ARGV[4], ARGV[i]) end
return 1
