-- Delete some keys of a team that llmq was taken out of, unless it came back.
-- ARGV: the moment at which it left, then keys without the team's prefix and its colon
-- Result: 1, or 0 when it came back.
if redis.call('HGET', key('team'), 'left') ~= ARGV[1] then return 0 end
for i = 2, #ARGV do redis.call('UNLINK', key(ARGV[i])) end
return 1
