-- What is due for review, the most overdue first, without what is open in the team or comes soon.
-- ARGV: member, now
-- Result: JSON {due: [question, ...], kept_back: how many more are due, coming?, reviewed}; `coming` is the next moment
--   and how many are due by the end of its day.
local member, now = ARGV[1], tonumber(ARGV[2])
local name, found = key('due', member), due_for(member, now)
local ahead = redis.call('ZRANGEBYSCORE', name, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
local coming
if ahead[1] then
  local at = tonumber(ahead[2])
  coming = {at, redis.call('ZCOUNT', name, '(' .. now, math.floor(at / DAY + 1) * DAY)}
end
local saved = redis.call('HMGET', key('member', member), 'review_day', 'reviewed')
local kept_back = redis.call('ZCOUNT', name, '-inf', now) - #found
return cjson.encode({due = found, kept_back = kept_back, coming = coming,
  reviewed = tonumber(saved[1]) == today(now) and tonumber(saved[2]) or 0})
