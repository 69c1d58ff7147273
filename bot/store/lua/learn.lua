-- Keep a graded question, unless another grade came meanwhile.
-- ARGV: member, question, what was stored before or '', what is stored now, due moment, now, round or '', 1 when this
--   grade opens a review (it counts for the day)
-- Result: JSON {status, points}; status is saved, same (this was stored already) or changed (read again).
local member, question, before, after, due = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local now, id = tonumber(ARGV[6]), ARGV[7]
local learnt = key('learnt', member)
local stored = redis.call('HGET', learnt, question) or ''
if stored == after then return cjson.encode({status = 'same', points = 0}) end
if stored ~= before then return cjson.encode({status = 'changed', points = 0}) end
redis.call('HSET', learnt, question, after)
redis.call('ZADD', key('due', member), due, question)
local points = 0
if id ~= '' then
  -- Grading oneself against the reference of a round earns points once.
  local given = redis.call('HGET', key('answers', id), member)
  local answer = given and cjson.decode(given)
  if answer and not answer.graded then
    answer.graded = true
    redis.call('HSET', key('answers', id), member, cjson.encode(answer))
    points = RULES.self_grade
    local round = pick(key('round', id), 'channel', 'day')
    award(member, '', tonumber(round.day), points, now)
    award(member, round.channel, tonumber(round.day), points, now)
  end
end
if ARGV[8] == '1' then
  local mine, day = key('member', member), today(now)
  local saved = redis.call('HMGET', mine, 'review_day', 'reviewed')
  local count = tonumber(saved[1]) == day and tonumber(saved[2]) or 0
  redis.call('HSET', mine, 'review_day', day, 'reviewed', count + 1)
end
return cjson.encode({status = 'saved', points = points})
