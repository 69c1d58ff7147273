-- What a member is to be told by now. It stays until it was told, so that nothing is lost with who tells it.
-- ARGV: member, now
-- Result: JSON {notes: [JSON of a note, ...], next?: moment of the next, reminders?: JSON, away, erasing?: moment,
--   left (whether llmq was taken out of the team; then there are none)}.
local member, now = ARGV[1], tonumber(ARGV[2])
local name = key('notes', member)
local left = redis.call('HEXISTS', key('team'), 'left') == 1
local notes = left and {} or redis.call('ZRANGEBYSCORE', name, '-inf', now, 'LIMIT', 0, 20)
local ahead = redis.call('ZRANGE', name, #notes, #notes, 'WITHSCORES')
return cjson.encode({notes = notes, next = ahead[2] and tonumber(ahead[2]) or nil,
  reminders = redis.call('HGET', key('member', member), 'reminders') or nil,
  left = left, erasing = tonumber(redis.call('HGET', key('erasing'), member) or ''),
  away = away_until(away_ranges(member), today(now)) ~= nil})
