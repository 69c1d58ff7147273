-- Count a practice answer: one point, five a day at most.
-- ARGV: request id, member, name, question id, prompt hash, normalised prompt, normalised answer, now
-- Result: JSON {status, points, left}; status is blind (in an open round), pasted, counted or same (request seen before).
local request, member, name, question, prompt_hash, prompt, answer = unpack(ARGV)
if is_open(prompt_hash, question) then return cjson.encode({status = 'blind'}) end
if is_pasted(answer, prompt) then return cjson.encode({status = 'pasted'}) end
local mine = key('member', member)
local saved = redis.call('HMGET', mine, 'practice_day', 'practice')
-- A day that has begun is not taken back, so that its five points are not given twice when the team's zone changes.
local day = math.max(today(tonumber(ARGV[8])), tonumber(saved[1] or 0))
local count = tonumber(saved[1]) == day and tonumber(saved[2]) or 0
if not first_time(request) then return cjson.encode({status = 'same', points = 0, left = 5 - count}) end
local points = count < 5 and 1 or 0
if points > 0 then award(member, day, points) end
redis.call('HSET', mine, 'practice_day', day, 'practice', count + points)
redis.call('HSET', key('names'), member, name)
count_done(member, question, 1)
return cjson.encode({status = 'counted', points = points, left = 5 - count - points})
