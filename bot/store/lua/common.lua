-- What every script shares: the names of the keys, the calendar, points, and the fold that makes a streak.
-- It is put in front of each team script, so that these names stand in one place.
--
-- KEYS[1] is the team's prefix, llmq:{<team>}. The hash tag keeps all of a team's keys on one slot, which is why
-- a script may make further names from it. Moments are milliseconds since 1970, days are whole days since 1970.
--
--   :team                    hash   home (the channel whose zone the team's days follow), utc_offset (milliseconds)
--   :channel:<channel>       hash   schedule (JSON), round (newest id), now (day asked for), note (why it is paused),
--                                   warned (that the deck runs out)
--   :scheduled               set    channels that have a schedule
--   :asked:<channel>         zset   question id by the moment it was last asked
--   :round:<round>           hash   one round; prompt and reference are the text it was asked with
--   :answers:<round>         hash   member -> JSON answer
--   :message:<channel>:<id>  string the round whose question is in that message
--   :open                    hash   prompt hash -> round and question id -> round, while answers are blind
--   :days                    zset   round days of the team
--   :unclosed                hash   day -> how many of its rounds are not closed
--   :member:<member>         hash   streak state settled through a day, totals, practice of the day
--   :marks:<member>          hash   day -> "in time,late" answers of days not yet settled
--   :ledger:<member>         zset   settled days as <day><a|l|f|m>
--   :done:<member>           hash   question id -> how often answered
--   :practised:<member>      zset   question id by the moment it was last shown
--   :channels:<member>       set    channels that the member has answered in
--   :names                   hash   member -> name last seen
--   :hidden                  set    members who left the boards
--   :board:<board>[:hidden]  zset   member by points; week:<n>, month:<yyyy-mm>, all, streak
--   :live                    zset   members with a streak by the day up to which it is settled or answered
--   :request:<id>            string a request that has had its effect, or the answer that it took back

local DAY = 86400000
local team = KEYS[1]

local function key(...)
  return team .. ':' .. table.concat({...}, ':')
end

local function hash(name)
  local flat, fields = redis.call('HGETALL', name), {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- Some fields of a hash by their names; reading a round whole would bring its texts along.
local function pick(name, ...)
  local values, fields = redis.call('HMGET', name, ...), {}
  for i, field in ipairs({...}) do fields[field] = values[i] or nil end
  return fields
end

local function today(now)
  local offset = tonumber(redis.call('HGET', key('team'), 'utc_offset') or '0')
  return math.floor((now + offset) / DAY)
end

-- The team's days follow the clocks of one channel: the first that had a schedule, while it has one.
local function keep_offset(channel, offset)
  local home = redis.call('HGET', key('team'), 'home')
  if not home or home == channel or redis.call('SISMEMBER', key('scheduled'), home) == 0 then
    redis.call('HSET', key('team'), 'home', channel, 'utc_offset', offset)
  end
end

-- The calendar month of a day, after Howard Hinnant's civil_from_days.
local function month_of(day)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local mp = math.floor((5 * (doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))) + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  return string.format('%04d-%02d', yoe + era * 400 + (month <= 2 and 1 or 0), month)
end

-- 1970-01-01 was a Thursday; weeks begin on Monday.
local function week_of(day)
  return math.floor((day + 3) / 7)
end

local function boards_of(day)
  return {week = 'week:' .. week_of(day), month = 'month:' .. month_of(day), all = 'all', streak = 'streak'}
end

-- How the names of a member's boards end: those who left the boards have their points on hidden ones.
local function board_suffix(member)
  return redis.call('SISMEMBER', key('hidden'), member) == 1 and ':hidden' or ''
end

-- A board outlives its period long enough for late answers and for a look back.
local LIFE = {week = 60 * DAY, month = 400 * DAY}

local function expire(period, board)
  if LIFE[period] then redis.call('PEXPIRE', board, LIFE[period]) end
end

local function award(member, day, points)
  local boards, suffix = boards_of(day), board_suffix(member)
  for _, period in ipairs({'week', 'month', 'all'}) do
    local board = key('board', boards[period]) .. suffix
    local total = tonumber(redis.call('ZINCRBY', board, points, member))
    if total <= 0 then redis.call('ZREM', board, member) end
    expire(period, board)
  end
end

-- A day is settled for good once its rounds are closed and none can come any more: it is over in every time zone
-- (UTC-12 is the last), and so are the two hours that a question may be late.
local function is_final(day, unclosed, now)
  return not unclosed[tostring(day)] and now >= (day + 1) * DAY + 14 * 3600000
end

local function add_day(state, day, mark, unclosed)
  if mark then
    state.streak = state.streak + 1
    state.best = math.max(state.best, state.streak)
    if state.streak % 7 == 0 then state.freezes = math.min(2, state.freezes + 1) end
    return mark:match('^0,') and 'l' or 'a'
  elseif unclosed[tostring(day)] then
    return 'o'
  elseif state.streak > 0 and state.freezes > 0 then
    state.freezes = state.freezes - 1
    return 'f'
  end
  state.streak = 0
  return 'm'
end

local KEPT_LEDGER = 100

local function settle(member, state, day, status)
  redis.call('HSET', key('member', member), 'streak', state.streak, 'best', state.best,
    'freezes', state.freezes, 'through', day)
  redis.call('HDEL', key('marks', member), day)
  redis.call('ZADD', key('ledger', member), day, day .. status)
  redis.call('ZREMRANGEBYRANK', key('ledger', member), 0, -KEPT_LEDGER - 1)
end

-- The first day that a member's streak has not settled: a member's first answer is where the ledger begins.
local function first_unsettled(through, marks)
  if through then return tonumber(through) + 1 end
  local first = math.huge
  for day in pairs(marks) do first = math.min(first, tonumber(day)) end
  return first
end

-- Fold the round days after the settled ones into the member's streak, and settle those that are final.
-- Returns {streak, best, freezes, upto} as of now, and the ledger of the days not settled, oldest first.
-- `upto` is the day up to which only a withdrawal can change the streak again.
local function streak_of(member, now)
  local saved = redis.call('HMGET', key('member', member), 'streak', 'best', 'freezes', 'through')
  local state = {streak = tonumber(saved[1] or 0), best = tonumber(saved[2] or 0), freezes = tonumber(saved[3] or 0),
    upto = tonumber(saved[4] or 0)}
  local tail, marks = {}, hash(key('marks', member))
  local from = first_unsettled(saved[4], marks)
  if from == math.huge then return state, tail end
  local unclosed, settling, waiting = hash(key('unclosed')), true, false
  for _, day in ipairs(redis.call('ZRANGEBYSCORE', key('days'), from, '+inf')) do
    local status = add_day(state, tonumber(day), marks[day], unclosed)
    waiting = waiting or status == 'o'
    if not waiting then state.upto = tonumber(day) end
    settling = settling and is_final(tonumber(day), unclosed, now)
    if settling then settle(member, state, tonumber(day), status) else tail[#tail + 1] = day .. status end
  end
  return state, tail
end

local function rank_streak(member, state)
  local board = key('board', 'streak') .. board_suffix(member)
  if state.streak == 0 then
    redis.call('ZREM', board, member)
    redis.call('ZREM', key('live'), member)
    return
  end
  redis.call('ZADD', board, state.streak, member)
  redis.call('ZADD', key('live'), state.upto, member)
end

-- Count an answer to a round of `day` up or down: `in_time` and `late` are 1, 0 or -1.
local function mark_day(member, day, in_time, late)
  local marks = key('marks', member)
  local a, l = (redis.call('HGET', marks, day) or '0,0'):match('(%d+),(%d+)')
  a, l = a + in_time, l + late
  if a + l == 0 then redis.call('HDEL', marks, day) else redis.call('HSET', marks, day, a .. ',' .. l) end
end

local function count_done(member, question, by)
  if redis.call('HINCRBY', key('done', member), question, by) <= 0 then
    redis.call('HDEL', key('done', member), question)
  end
  redis.call('HINCRBY', key('member', member), 'answered', by)
end

local function first_time(request)
  return redis.call('SET', key('request', request), '1', 'NX', 'PX', DAY)
end

-- The round that a command means: the one named, the one in the message replied to, or the channel's newest; ''
-- where there is none. One of another channel may be named by those who have answered there before.
local function find_round(channel, named, message, member)
  if named ~= '' then
    local place = redis.call('HGET', key('round', named), 'channel')
    if place == channel then return named end
    return place and redis.call('SISMEMBER', key('channels', member), place) == 1 and named or ''
  end
  if message ~= '' then return redis.call('GET', key('message', channel, message)) or '' end
  return redis.call('HGET', key('channel', channel), 'round') or ''
end

-- A date is a round day of the team, and its question counts as asked, once it stands in a channel, not before.
local function count_as_asked(round)
  redis.call('ZADD', key('days'), round.day, round.day)
  redis.call('ZADD', key('asked', round.channel), round.opened, round.question)
end

-- Whether a question is in an open round of the team. The prompt decides as well as the id: a deck may hold the same
-- question under another id, and the words of an id may have changed since it was asked.
local function is_open(hash_of_prompt, question)
  local found = redis.call('HMGET', key('open'), hash_of_prompt, question)
  return (found[1] or found[2]) ~= false
end

-- From its reveal on a round is blind no more.
local function end_blindness(round)
  local asked = pick(key('round', round), 'prompt_hash', 'question')
  redis.call('HDEL', key('open'), asked.prompt_hash, asked.question)
end

-- Whether an answer is the question itself with less than an answer's worth of text around it. Both are normalised.
local function is_pasted(answer, prompt)
  return prompt ~= '' and answer:find(prompt, 1, true) ~= nil and #answer - #prompt < 10
end
