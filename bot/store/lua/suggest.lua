-- Keep a suggested question until an admin settles it; the same one again changes nothing.
-- ARGV: id, how the ids of its member begin, JSON of it, moment, member
-- Result: {status, how many of the member wait}; status is kept, many (of this member), full (of the team), or erased
--   (its member had everything erased since).
local suggestions, id, prefix, member, mine = key('suggestions'), ARGV[1], ARGV[2], ARGV[5], 0
if is_erased(member, tonumber(ARGV[4])) then return {'erased', 0} end
for _, one in ipairs(redis.call('HKEYS', suggestions)) do
  if one:sub(1, #prefix) == prefix then mine = mine + 1 end
end
if redis.call('HEXISTS', suggestions, id) == 0 then
  if mine >= RULES.most_suggestions then return {'many', mine} end
  if redis.call('HLEN', suggestions) >= RULES.most_suggestions_of_a_team then return {'full', mine} end
  mine = mine + 1
  redis.call('HSET', suggestions, id, ARGV[3])
  redis.call('ZADD', key('suggested'), ARGV[4], id)
end
redis.call('DEL', key('draft', member))
return {'kept', mine}
