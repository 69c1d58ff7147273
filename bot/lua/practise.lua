-- Count a practice answer: one point, five a day at most.
-- ARGV: request id, member, name, question id, now
-- Result: JSON {status, points, left}; status is blind (in an open round), counted or same (request seen before).
local request, member, name, question = unpack(ARGV)
for _, open in ipairs(redis.call('HVALS', key('open'))) do
  if open == question then return cjson.encode({status = 'blind'}) end
end
local day, mine = today(tonumber(ARGV[5])), key('member', member)
local saved = redis.call('HMGET', mine, 'practice_day', 'practice')
local count = tonumber(saved[1]) == day and tonumber(saved[2]) or 0
if not first_time(request) then return cjson.encode({status = 'same', points = 0, left = 5 - count}) end
local points = count < 5 and 1 or 0
if points > 0 then award(member, day, points) end
redis.call('HSET', mine, 'practice_day', day, 'practice', count + points)
redis.call('HSET', key('names'), member, name)
count_done(member, question, 1)
return cjson.encode({status = 'counted', points = points, left = 5 - count - points})
