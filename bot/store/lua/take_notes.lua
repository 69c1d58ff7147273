-- Take what a member is to be told by now, so that nobody else tells it, too.
-- ARGV: member, now
-- Result: JSON {notes: [JSON of a note, ...], next?: moment of the next, reminders?: JSON, away, erasing?: moment,
--   left (whether llmq was taken out of the team; then nothing is taken)}.
local member, now = ARGV[1], tonumber(ARGV[2])
local name = key('notes', member)
local left = redis.call('HEXISTS', key('team'), 'left') == 1
local notes = left and {} or redis.call('ZRANGEBYSCORE', name, '-inf', now, 'LIMIT', 0, 20)
if #notes > 0 then redis.call('ZREM', name, unpack(notes)) end
local ahead = redis.call('ZRANGE', name, 0, 0, 'WITHSCORES')
return cjson.encode({notes = notes, next = ahead[2] and tonumber(ahead[2]) or nil,
  reminders = redis.call('HGET', key('member', member), 'reminders') or nil,
  left = left, erasing = tonumber(redis.call('HGET', key('erasing'), member) or ''),
  away = away_until(away_ranges(member), today(now)) ~= nil})
