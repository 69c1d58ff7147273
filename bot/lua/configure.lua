-- Change what is kept of a channel.
-- ARGV: channel, utc offset of its schedule or '', then names and values of fields; an empty value removes the field
-- Result: 1.
local name = key('channel', ARGV[1])
if ARGV[2] ~= '' then redis.call('HSET', key('team'), 'utc_offset', ARGV[2]) end
for i = 3, #ARGV, 2 do
  if ARGV[i] == 'schedule' then redis.call(ARGV[i + 1] == '' and 'SREM' or 'SADD', key('scheduled'), ARGV[1]) end
  if ARGV[i + 1] == '' then redis.call('HDEL', name, ARGV[i]) else redis.call('HSET', name, ARGV[i], ARGV[i + 1]) end
end
return 1
