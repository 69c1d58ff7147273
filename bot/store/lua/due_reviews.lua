-- What is due for review, the most overdue first, without what is open in the team or comes soon.
-- ARGV: member, now, how many at most, then the id and prompt hash of each question that may be asked, or nothing for all
-- Result: JSON {due: [question, ...], count, next?, reviewed}; `count` is how many are due in all, `next` the next moment
--   and how many are due by the end of its day.
local member, now, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local name, found = key('due', member), {}
for _, question in ipairs(redis.call('ZRANGEBYSCORE', name, '-inf', now, 'LIMIT', 0, 200)) do
  if not is_kept_back('', question) then
    found[#found + 1] = question
  end
end
local count = #found
while #found > most do table.remove(found) end
local ahead = redis.call('ZRANGEBYSCORE', name, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
local coming
if ahead[1] then
  local at = tonumber(ahead[2])
  coming = {at, redis.call('ZCOUNT', name, '(' .. now, math.floor(at / DAY + 1) * DAY)}
end
local saved = redis.call('HMGET', key('member', member), 'review_day', 'reviewed')
return cjson.encode({due = found, count = count, coming = coming,
  reviewed = tonumber(saved[1]) == today(now) and tonumber(saved[2]) or 0})
