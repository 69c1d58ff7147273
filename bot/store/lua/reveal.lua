-- Reveal a round that may be revealed: from here on answers are late and no longer blind.
-- ARGV: round, now
-- Result: JSON {answers: {member: JSON answer}} of the answers in time, or '' when the round is not due or not open.
--   A round that is revealed but not told gives its answers again.
local name = key('round', ARGV[1])
local now = tonumber(ARGV[2])
local round = pick(name, 'state', 'replies', 'min_replies', 'reveal_from', 'deadline', 'forced', 'told')
if round.state == 'open' then
  local enough = tonumber(round.replies) >= tonumber(round.min_replies) and now >= tonumber(round.reveal_from)
  if not (round.forced or enough or now >= tonumber(round.deadline)) then return '' end
  redis.call('HSET', name, 'state', 'revealed', 'revealed', now)
  end_blindness(ARGV[1])
elseif round.state ~= 'revealed' or round.told then
  return ''
end
local answers = {}
for member, answer in pairs(hash(key('answers', ARGV[1]))) do
  if not cjson.decode(answer).late then answers[#answers + 1] = answer end
end
return cjson.encode({answers = answers})
