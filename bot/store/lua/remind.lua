-- Keep what a member wants to be told.
-- ARGV: member, JSON of the reminders, moment of the act, then kind and 1 or 0 for each that rounds look for
-- Result: 1, or 0 when a newer act stands.
local mine, at = key('member', ARGV[1]), tonumber(ARGV[3])
if is_erased(ARGV[1], at) then return 0 end
if at < tonumber(redis.call('HGET', mine, 'reminders_at') or '0') then return 0 end
redis.call('HSET', mine, 'reminders', ARGV[2], 'reminders_at', at)
for i = 4, #ARGV, 2 do
  redis.call(ARGV[i + 1] == '1' and 'SADD' or 'SREM', key('wants', ARGV[i]), ARGV[1])
end
return 1
