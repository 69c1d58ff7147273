-- Change some of what a member wants to be told. Each field keeps the moment of its newest act.
-- ARGV: member, JSON of the fields that change, moment of the act, then kind and 1 or 0 for each of them that rounds
--   look for
-- Result: JSON {reminders: JSON of what holds now, if anything, older: whether a newer act stands for a field}.
local mine, at = key('member', ARGV[1]), tonumber(ARGV[3])
if is_erased(ARGV[1], at) then return cjson.encode({older = true}) end
local saved = redis.call('HMGET', mine, 'reminders', 'reminders_at')
local kept, taken, older = saved[1] and cjson.decode(saved[1]) or {}, {}, false
-- An earlier version kept one moment for all fields.
local before = tonumber(saved[2] or '0')
kept.at = kept.at or {}
for field, value in pairs(cjson.decode(ARGV[2])) do
  if at < (kept.at[field] or before) then
    older = true
  else
    kept[field], kept.at[field], taken[field] = value, at, true
  end
end
local reminders = cjson.encode(kept)
redis.call('HSET', mine, 'reminders', reminders)
for i = 4, #ARGV, 2 do
  if taken[ARGV[i]] then redis.call(ARGV[i + 1] == '1' and 'SADD' or 'SREM', key('wants', ARGV[i]), ARGV[1]) end
end
return cjson.encode({reminders = reminders, older = older})
