-- Be away from one day to another, or back from a day on.
-- ARGV: member, name or '', first day, last day or '' to be back from the first day on, moment of the act,
--   its request where no platform told that moment
-- Result: 1, or 0 when a newer act stands.
local member, first, last, at = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), first_moment(ARGV[6], tonumber(ARGV[5]))
local mine = key('member', member)
if is_erased(member, at) then return 0 end
if at < tonumber(redis.call('HGET', mine, 'away_at') or '0') then return 0 end
local kept = {}
for _, range in ipairs(away_ranges(member)) do
  -- What lies ahead is replaced; what has begun ends where the new word begins.
  if range[1] < first then kept[#kept + 1] = range[1] .. '-' .. math.min(range[2], first - 1) end
end
if last then kept[#kept + 1] = first .. '-' .. last end
while #kept > RULES.most_away do table.remove(kept, 1) end
local before, after = redis.call('HGET', mine, 'away') or '', table.concat(kept, ' ')
redis.call('HSET', mine, 'away', after, 'away_at', at)
if after ~= before then redis.call('HINCRBY', mine, 'absences', 1) end
if ARGV[2] ~= '' then redis.call('HSET', mine, 'name', ARGV[2]) end
return 1
