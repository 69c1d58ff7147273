-- Name the members who may do something beside the team's admins, in place of those before; the newest word holds.
-- ARGV: admins or reviewers, moment of the act, its request where no platform told that moment, then the id and the
--   name of each
-- Result: 1, or 0 when a newer word stands.
local at, named = first_moment(ARGV[3], tonumber(ARGV[2])), {}
if is_overtaken(ARGV[1], at) then return 0 end
for i = 4, #ARGV, 2 do
  if not is_erased(ARGV[i], at) then
    named[#named + 1] = ARGV[i]
    named[#named + 1] = ARGV[i + 1]
  end
end
redis.call('DEL', key(ARGV[1]))
if #named > 0 then redis.call('HSET', key(ARGV[1]), unpack(named)) end
return 1
