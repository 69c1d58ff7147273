-- Ask a question of any deck no more in the team, or again.
-- ARGV: question, 1 to retire it or 0, moment of the act, its request where no platform told that moment
-- Result: 1, or 0 when a newer act stands.
local question, at = ARGV[1], first_moment(ARGV[4], tonumber(ARGV[3]))
if is_overtaken('retired:' .. question, at) then return 0 end
if ARGV[2] == '1' then
  redis.call('HSETNX', key('retired'), question, string.format('%.0f', at))
else
  redis.call('HDEL', key('retired'), question)
end
return 1
