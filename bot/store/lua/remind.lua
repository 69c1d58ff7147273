-- Change some of what a member wants to be told. Each field keeps the moment of its newest act.
-- ARGV: member, JSON of the fields that change, moment of the act, its request where no platform told that moment, then
--   kind and 1 or 0 for each of them that rounds look for
-- Result: JSON {reminders: JSON of what holds now, if anything, older: whether a newer act stands for a field}.
local mine, at = key('member', ARGV[1]), first_moment(ARGV[4], tonumber(ARGV[3]))
if is_erased(ARGV[1], at) then return cjson.encode({older = true}) end
local saved = redis.call('HMGET', mine, 'reminders', 'reminders_at')
local kept, taken, older = saved[1] and cjson.decode(saved[1]) or {}, {}, false
-- An earlier version kept one moment for all fields.
local before = tonumber(saved[2] or '0')
kept.at = kept.at or {}
for field, value in pairs(cjson.decode(ARGV[2])) do
  if at < (kept.at[field] or before) then
    older = true
  elseif at ~= kept.at[field] or value ~= kept[field] then
    kept[field], kept.at[field], taken[field] = value, at, true
  end
end
local reminders = cjson.encode(kept)
if next(taken) then redis.call('HSET', mine, 'reminders', reminders) end
for i = 5, #ARGV, 2 do
  if taken[ARGV[i]] then redis.call(ARGV[i + 1] == '1' and 'SADD' or 'SREM', key('wants', ARGV[i]), ARGV[1]) end
end
return cjson.encode({reminders = reminders, older = older})
