-- Begin a round: at most one for a channel and a local date, with a question that is blind in no other channel.
-- ARGV: channel, day, utc offset, now, rule (regulars or number), lap, since when it runs, questions that come next,
--   candidates (question id and prompt hash of each, best first), JSON of the round's other fields; lists are separated
--   by spaces
-- Result: JSON {status, fields?, instead?}; begun, exists (the date has had its round), busy (the round before is not
--   revealed yet), or open_elsewhere (in an open round of the team; `instead` names a candidate that is in none).
local channel, day, offset, now, rule = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local id = channel .. ':' .. day
if redis.call('EXISTS', key('round', id)) == 1 then return cjson.encode({status = 'exists'}) end
local previous = redis.call('HGET', key('channel', channel), 'round')
local state = previous and redis.call('HGET', key('round', previous), 'state')
if state and state ~= 'closed' then return cjson.encode({status = 'busy'}) end

local round = cjson.decode(ARGV[10])
if is_open(round.prompt_hash, round.question) then
  local instead
  for question, prompt_hash in ARGV[9]:gmatch('(%S+) (%S+)') do
    instead = instead or not is_open(prompt_hash, question) and question or nil
  end
  return cjson.encode({status = 'open_elsewhere', instead = instead})
end

-- Regulars have answered some of the channel's last rounds, and are not away.
local function regulars()
  local days = redis.call('ZREVRANGE', key('days', channel), 0, RULES.regular_rounds - 1)
  local times, found = {}, {}
  for _, one in ipairs(days) do
    local answers = key('answers', channel .. ':' .. one)
    if redis.call('HLEN', answers) > RULES.most_to_wait_for then return {} end
    for _, member in ipairs(redis.call('HKEYS', answers)) do times[member] = (times[member] or 0) + 1 end
  end
  for member, count in pairs(times) do
    if count >= RULES.regular_answers and not away_until(away_ranges(member), tonumber(day)) then
      found[#found + 1] = member
    end
  end
  return found
end

-- regulars: '' when a number of answers decides, 1 when some are waited for, 0 when there are none.
local waited_for = rule == 'regulars' and regulars() or {}
for _, member in ipairs(waited_for) do redis.call('SADD', key('regulars', id), member) end
-- Who has everything erased now is not looked for in a round that begins behind the look.
local credit = cjson.decode(redis.call('HGET', key('credits'), round.question) or '{}')
if credit.name and credit.name ~= '' and redis.call('HEXISTS', key('erasing'), credit.member) == 0 then
  round.credit, round.credit_by = credit.name, credit.member
end
local flat = {}
for field, value in pairs(round) do
  flat[#flat + 1] = field
  flat[#flat + 1] = value
end
redis.call('HSET', key('round', id), 'id', id, 'channel', channel, 'day', day, 'state', 'scheduled', 'replies', 0,
  'opened', now, 'previous', previous or '', 'regulars', rule == 'regulars' and (#waited_for > 0 and 1 or 0) or '',
  'waiting', #waited_for, unpack(flat))
redis.call('HSET', key('channel', channel), 'round', id, 'lap', ARGV[6], 'lap_since', ARGV[7])
redis.call('HDEL', key('channel', channel), 'now')
keep_offset(channel, offset)
redis.call('HSET', key('open'), round.prompt_hash, id, round.question, id)
keep_back(channel, 'ahead', unqueued(ARGV[8], round.question))
local queue = redis.call('HGET', key('channel', channel), 'queue') or ''
local rest = unqueued(queue, round.question)
if rest ~= queue then
  keep_back(channel, 'queue', rest)
  redis.call('HSET', key('round', id), 'queued', 1)
end
return cjson.encode({status = 'begun', fields = hash(key('round', id))})
