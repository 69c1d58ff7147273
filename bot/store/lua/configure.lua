-- Change what is kept of a channel.
-- ARGV: channel, utc offset of its schedule or '', the schedule as it was read ('' for none, '*' for any), then names
--   and values of fields; an empty value removes the field
-- Result: 1, or 0 when the schedule has been changed since it was read.
local name = key('channel', ARGV[1])
if ARGV[3] ~= '*' and (redis.call('HGET', name, 'schedule') or '') ~= ARGV[3] then return 0 end
if ARGV[2] ~= '' then keep_offset(ARGV[1], ARGV[2]) end
for i = 4, #ARGV, 2 do
  local field, value = ARGV[i], ARGV[i + 1]
  if field == 'schedule' then redis.call(value == '' and 'SREM' or 'SADD', key('scheduled'), ARGV[1]) end
  -- Without a schedule nothing comes next.
  if field == 'schedule' and value == '' then keep_back(ARGV[1], 'queue', '') end
  if field == 'ahead' then
    keep_back(ARGV[1], 'ahead', value)
  elseif value == '' then
    redis.call('HDEL', name, field)
  else
    redis.call('HSET', name, field, value)
  end
end
return 1
