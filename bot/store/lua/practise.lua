-- Count a practice answer: a point, up to the most of a day.
-- ARGV: request id, channel or '', member, name, question id, prompt hash, normalised prompt, normalised reference,
--   normalised answer, now, 0 when the answer says that the member does not know, moment of the act
-- Result: JSON {status, points, left}; status is erased (the act is from before that), blind (open, or coming soon),
--   pasted, copied, counted or same (request seen before, with the points that it earned then).
local request, channel, member, name, question, prompt_hash, prompt, reference, answer = unpack(ARGV, 1, 9)
local now, worth = tonumber(ARGV[10]), tonumber(ARGV[11])
if is_erased(member, tonumber(ARGV[12])) then return cjson.encode({status = 'erased'}) end
if is_kept_back(prompt_hash, question) then return cjson.encode({status = 'blind'}) end
if is_pasted(answer, prompt) then return cjson.encode({status = 'pasted'}) end
if is_copied(answer, reference) then return cjson.encode({status = 'copied'}) end
local mine = key('member', member)
local saved = redis.call('HMGET', mine, 'practice_day', 'practice')
-- A day that has begun is not taken back, so that its points are not given twice when the team's zone changes.
local day = math.max(today(now), tonumber(saved[1] or 0))
local count = tonumber(saved[1]) == day and tonumber(saved[2]) or 0
local most = RULES.practice_a_day
local points = count < most and RULES.practice * worth or 0
if not redis.call('SET', key('request', request), points, 'NX', 'PX', RULES.kept_request) then
  local earned = tonumber(redis.call('GET', key('request', request)))
  return cjson.encode({status = 'same', points = earned, left = most - count})
end
award(member, '', day, points, now)
if channel ~= '' then award(member, channel, day, points, now) end
redis.call('HSET', mine, 'practice_day', day, 'practice', count + points, 'name', name)
local had = read_had(member, question)
had.times = had.times + 1
write_had(member, question, had)
count_answered(member, 1)
return cjson.encode({status = 'counted', points = points, left = most - count - points})
