-- Keep a suggested question until an admin settles it; the same one again changes nothing, nor does an act that is
-- repeated once it is settled.
-- ARGV: id, how the ids of its member begin, JSON of it, moment of the act, member, the act's request where no platform
--   told that moment
-- Result: {status, how many of the member wait}; status is kept, many (of this member), full (of the team), or erased
--   (its member had everything erased since).
local suggestions, id, prefix, member, mine = key('suggestions'), ARGV[1], ARGV[2], ARGV[5], 0
local at = first_moment(ARGV[6], tonumber(ARGV[4]))
if is_erased(member, at) then return {'erased', 0} end
for _, one in ipairs(redis.call('HKEYS', suggestions)) do
  if one:sub(1, #prefix) == prefix then mine = mine + 1 end
end
if redis.call('HEXISTS', suggestions, id) == 0 then
  if at <= tonumber(redis.call('GET', key('request', id)) or '-1') then return {'kept', mine} end
  if mine >= RULES.most_suggestions then return {'many', mine} end
  if redis.call('HLEN', suggestions) >= RULES.most_suggestions_of_a_team then return {'full', mine} end
  mine = mine + 1
  redis.call('HSET', suggestions, id, ARGV[3])
  redis.call('ZADD', key('suggested'), at, id)
end
if read_draft(member) <= at then write_draft(member, at, '') end
return {'kept', mine}
