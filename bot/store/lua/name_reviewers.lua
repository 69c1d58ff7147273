-- Name who settles suggestions beside the team's admins, in place of those before; the newest word holds.
-- ARGV: moment of the act, its request where no platform told that moment, then the id and the name of each
-- Result: 1, or 0 when a newer word stands.
local at, named = first_moment(ARGV[2], tonumber(ARGV[1])), {}
if is_overtaken('reviewers', at) then return 0 end
for i = 3, #ARGV, 2 do
  if not is_erased(ARGV[i], at) then
    named[#named + 1] = ARGV[i]
    named[#named + 1] = ARGV[i + 1]
  end
end
redis.call('DEL', key('reviewers'))
if #named > 0 then redis.call('HSET', key('reviewers'), unpack(named)) end
return 1
