-- A channel's past questions, the newest first, with what became of them for one member.
-- ARGV: channel, member, a topic or deck or '', how many to leave out, how many to return
-- Result: JSON {rounds, more, topics}; a round is [id, day, prompt, word], the word being no, late, time or a grade;
--   `more` are older ones; `topics` counts the rounds of each topic.
local channel, member, about = ARGV[1], ARGV[2], ARGV[3]
local first, count = tonumber(ARGV[4]), tonumber(ARGV[5])

-- A round is kept for ninety days, and a date has one.
local MOST_LOOKED_AT = 100

local function word_of(id, question)
  local stored = redis.call('HGET', key('answers', id), member)
  if not stored then return 'no' end
  local answer = cjson.decode(stored)
  local learnt = answer.graded and redis.call('HGET', key('learnt', member), question)
  return learnt and cjson.decode(learnt).grade or answer.late and 'late' or 'time'
end

local found, topics, seen, more = {}, {}, 0, false
for _, day in ipairs(redis.call('ZREVRANGE', key('days', channel), 0, MOST_LOOKED_AT - 1)) do
  local id = channel .. ':' .. day
  local round = pick(key('round', id), 'state', 'prompt', 'topic', 'question')
  if round.state == 'revealed' or round.state == 'closed' then
    topics[round.topic] = (topics[round.topic] or 0) + 1
    if about == '' or about == round.topic or about == round.question:match('^[^/]+') then
      if seen >= first and #found < count then
        found[#found + 1] = {id, tonumber(day), round.prompt, word_of(id, round.question)}
      elseif seen >= first then
        more = true
      end
      seen = seen + 1
    end
  end
end
return cjson.encode({rounds = found, more = more, topics = topics})
