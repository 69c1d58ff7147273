-- Change what is kept of a channel.
-- ARGV: channel, utc offset of its schedule or '', the schedule as it was read ('' for none, '*' for any), then names
--   and values of fields; an empty value removes the field
-- Result: 1, or 0 when the schedule has been changed since it was read.
local name = key('channel', ARGV[1])
if ARGV[3] ~= '*' and (redis.call('HGET', name, 'schedule') or '') ~= ARGV[3] then return 0 end
if ARGV[2] ~= '' then keep_offset(ARGV[1], ARGV[2]) end
for i = 4, #ARGV, 2 do
  if ARGV[i] == 'schedule' then redis.call(ARGV[i + 1] == '' and 'SREM' or 'SADD', key('scheduled'), ARGV[1]) end
  if ARGV[i + 1] == '' then redis.call('HDEL', name, ARGV[i]) else redis.call('HSET', name, ARGV[i], ARGV[i + 1]) end
end
return 1
