-- What every script of a team shares: its keys, the calendar, points and boards, and the fold that makes a streak.
-- It is put in front of each team script, behind RULES, the numbers of bot/game/rules.py (spans in milliseconds).
--
-- KEYS[1] is the team's prefix; bot/store/keys.py says what each key holds. The hash tag keeps all keys of a team in
-- one slot, which is why a script may make further names from it. Moments are milliseconds since 1970, days are whole
-- days since 1970.

-- KEYS[2], where it is given, names the team's own deck by the revision that an act was begun with. Where that is not
-- the revision any more, nothing is done.

local DAY = 86400000
local team = KEYS[1]

if KEYS[2] and KEYS[2] ~= team .. ':deck@' .. (redis.call('HGET', team .. ':deck', 'revision') or '') then
  return redis.error_reply('DECKCHANGED the deck of the team has changed')
end

local function key(...)
  return team .. ':' .. table.concat({...}, ':')
end

-- Some fields of a hash by their names; reading a round whole would bring its texts along.
local function pick(name, ...)
  local values, fields = redis.call('HMGET', name, ...), {}
  for i, field in ipairs({...}) do fields[field] = values[i] or nil end
  return fields
end

local function hash(name)
  local flat, fields = redis.call('HGETALL', name), {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
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

-- Boards. A score is a whole number and, behind the point, how early it was reached: ties stand in that order.

local LATEST = 2 ^ 26 * 60000

local function points_of(score)
  return score and math.floor(tonumber(score)) or 0
end

local function score_of(points, at)
  return points + 1 - (at % LATEST + 1) / (LATEST + 2)
end

local function boards_of(day)
  return {week = 'week:' .. week_of(day), month = 'month:' .. month_of(day), all = 'all', streak = 'streak'}
end

-- A board of a channel, or of the team where the channel is ''. Who left the boards has points on hidden ones.
local function board_key(board, channel, member)
  local name = key('board', board) .. (channel ~= '' and '@' .. channel or '')
  local hidden = member and redis.call('HGET', key('member', member), 'hidden')
  return hidden and name .. ':hidden' or name
end

local LIFE = {week = RULES.kept_week_board, month = RULES.kept_month_board}

local function expire(period, board)
  if LIFE[period] then redis.call('PEXPIRE', board, LIFE[period]) end
end

local function set_score(board, member, points, at)
  if points <= 0 then
    redis.call('ZREM', board, member)
  elseif points_of(redis.call('ZSCORE', board, member)) ~= points then
    redis.call('ZADD', board, score_of(points, at), member)
  end
end

-- Points for a day that were earned at a moment.
local function award(member, channel, day, points, at)
  if points == 0 then return end
  -- A channel of theirs is known by their streak there.
  if channel ~= '' and redis.call('HEXISTS', key('streaks', member), channel) == 0 then
    redis.call('SADD', key('places', member), channel)
  end
  local boards = boards_of(day)
  for _, period in ipairs({'week', 'month', 'all'}) do
    local board = board_key(boards[period], channel, member)
    set_score(board, member, points_of(redis.call('ZSCORE', board, member)) + points, at)
    expire(period, board)
  end
end

-- The rank of a score: one more than those who have more.
local function rank_of(board, points)
  return redis.call('ZCOUNT', board, points + 1, '+inf') + 1
end

-- Streaks: one for each member and channel, settled through a day. Packed as "streak,best,freezes,through,first,
-- lost day,lost streak,restored day,excuses seen;<day><mark> <day><mark>", the marks being those of days not settled.
-- Marks are a (in time), l (late) and r (brought back).

local STREAK = {'streak', 'best', 'freezes', 'through', 'first', 'lost_day', 'lost', 'restored', 'excuses'}

local function read_streak(member, channel)
  local packed = redis.call('HGET', key('streaks', member), channel) or ''
  local numbers, words = packed:match('^([^;]*);?(.*)$')
  local state, i = {marks = {}}, 0
  for number in numbers:gmatch('[^,]+') do
    i = i + 1
    state[STREAK[i]] = tonumber(number)
  end
  for _, field in ipairs(STREAK) do state[field] = state[field] or 0 end
  for day, mark in words:gmatch('(%d+)(%a)') do state.marks[tonumber(day)] = mark end
  return state
end

local function write_streak(member, channel, state)
  local numbers, words = {}, {}
  for i, field in ipairs(STREAK) do numbers[i] = string.format('%d', state[field]) end
  for day, mark in pairs(state.marks) do words[#words + 1] = day .. mark end
  if state.first == 0 and #words == 0 then
    -- Points of practice there may stay.
    if redis.call('HDEL', key('streaks', member), channel) == 1 then redis.call('SADD', key('places', member), channel) end
  else
    redis.call('HSET', key('streaks', member), channel, table.concat(numbers, ',') .. ';' .. table.concat(words, ' '))
  end
end

-- The ledger of a member in a channel: settled days that have a word of their own, each as five digits and a letter:
-- a, l, r as the marks, f (a freeze was used). Other question days are excused, away, or without an answer.
local function read_ledger(member, channel)
  return redis.call('HGET', key('ledger', member), channel) or ''
end

local function write_ledger(member, channel, ledger)
  if #ledger > 6 * RULES.kept_ledger_days then ledger = ledger:sub(-6 * RULES.kept_ledger_days) end
  redis.call('HSET', key('ledger', member), channel, ledger)
end

-- Whether an act of a member is from before the moment at which they had everything of theirs erased, or that is still
-- being worked off. What remembers it is made from their id, and gone itself after some days.
local function erased_mark(member)
  return key('erased', redis.sha1hex(member))
end

local function is_erased(member, at)
  if redis.call('HEXISTS', key('erasing'), member) == 1 then return true end
  return at <= tonumber(redis.call('GET', erased_mark(member)) or '-1')
end

-- The moment of an act. Where its platform told none, that is ours of the first delivery of its request.
local function first_moment(request, at)
  if request == '' then return at end
  local first = redis.call('GET', key('request', request))
  if first then return tonumber(first) end
  redis.call('SET', key('request', request), string.format('%.0f', at), 'PX', RULES.kept_request)
  return at
end

-- Whether what bears a mark has seen a newer act than this one, for as long as a platform may repeat one. If not, this
-- one is the newest.
local function is_overtaken(mark, at)
  if at < tonumber(redis.call('GET', key('request', mark)) or '-1') then return true end
  redis.call('SET', key('request', mark), string.format('%.0f', at), 'PX', RULES.kept_request)
  return false
end

-- What a member wrote in a form and did not send: the moment of the newest act on it, and its JSON, which is empty where
-- that sent or dropped it.
local function read_draft(member)
  local at, text = (redis.call('GET', key('draft', member)) or ''):match('^(%d+) (.*)$')
  return tonumber(at or '-1'), text or ''
end

local function write_draft(member, at, text)
  redis.call('SET', key('draft', member), string.format('%.0f ', at) .. text, 'PX', RULES.kept_draft)
end

-- The team's own deck: how a question's field is named, as bot/store/keys.py does, and a revision that never comes twice,
-- not even where the deck was erased and began anew.
local function own_field(question)
  return 'q:' .. question:match('[^/]+$')
end

local function next_revision(now)
  return string.format('%.0f', math.max(tonumber(redis.call('HGET', key('deck'), 'revision') or '0') + 1, now))
end

-- Ranges of days in which a member is away, as {from, to}.
local function away_ranges(member)
  local ranges = {}
  for from, to in (redis.call('HGET', key('member', member), 'away') or ''):gmatch('(%d+)-(%d+)') do
    ranges[#ranges + 1] = {tonumber(from), tonumber(to)}
  end
  return ranges
end

-- The end of the range that covers a day, if one does.
local function away_until(ranges, day)
  for _, range in ipairs(ranges) do
    if range[1] <= day and day <= range[2] then return range[2] end
  end
end

-- The day of the channel's round that is not closed, if there is one.
local function open_day(channel)
  local id = redis.call('HGET', key('channel', channel), 'round')
  local round = id and pick(key('round', id), 'state', 'day') or {}
  return round.state and round.state ~= 'closed' and tonumber(round.day) or nil
end

local function first_mark(state, from)
  local first
  for day in pairs(state.marks) do
    if day >= from and (not first or day < first) then first = day end
  end
  return first
end

local function add_answered(state)
  state.streak = state.streak + 1
  state.best = math.max(state.best, state.streak)
  if state.streak % RULES.freeze_every == 0 then
    state.freezes = math.min(RULES.most_freezes, state.freezes + 1)
  end
end

local function add_missed(state, day)
  if state.freezes > 0 then
    state.freezes = state.freezes - 1
    return 'f'
  end
  state.lost_day, state.lost, state.streak = day, state.streak, 0
  return 'm'
end

-- What was lost comes before the days since, with so many days between that count too; freezes as for days in a row.
local function revive(state, days)
  local since, every = state.streak, RULES.freeze_every
  state.streak = state.lost + days + since
  local earned = math.floor(state.streak / every) - math.floor(state.lost / every) - math.floor(since / every)
  state.freezes = math.min(RULES.most_freezes, state.freezes + earned)
  state.best = math.max(state.best, state.streak)
  state.lost_day, state.lost = 0, 0
end

-- Whether a day without a mark asks nothing of a member: the end of the days for which that holds, or nil.
local function spared_until(channel, ranges, day)
  if redis.call('HEXISTS', key('excused', channel), day) == 1 then return day end
  return away_until(ranges, day)
end

-- A call looks at so many days at most; what is left is seen to at the next.
local MOST_DAYS = 64

-- How many closed question days have no answer, from the one that ended the streak to the next answer; and the first.
local function days_lost(member, channel, state, ranges, open)
  local ledger, count, first = read_ledger(member, channel), 0, nil
  for _, one in ipairs(redis.call('ZRANGEBYSCORE', key('days', channel), state.lost_day, '+inf', 'LIMIT', 0, MOST_DAYS)) do
    local day = tonumber(one)
    if day == open or state.marks[day] or ledger:find(string.format('%05d', day) .. '[alr]') then break end
    if not spared_until(channel, ranges, day) then count, first = count + 1, first or day end
  end
  return count, first
end

-- One day without an answer can be brought back, once in a while. The last moment for that, or 0.
local function bring_back_until(member, channel, state, ranges, open)
  local seldom = state.restored == 0 or (state.lost_day - state.restored) * DAY >= RULES.restore_every
  if state.lost_day == 0 or not seldom then return 0 end
  if days_lost(member, channel, state, ranges, open) ~= 1 then return 0 end
  local closed = redis.call('HGET', key('round', channel .. ':' .. state.lost_day), 'closed')
  return closed and tonumber(closed) + RULES.restore_within or 0
end

-- What days took that were excused after they were settled, or for which the member was away, is given back.
local function give_back(member, channel, state, ranges, open)
  local mine = key('member', member)
  local excuses = tonumber(redis.call('HGET', key('channel', channel), 'excuses') or '0')
  local seen = excuses + tonumber(redis.call('HGET', mine, 'absences') or '0')
  if seen == state.excuses then return end
  state.excuses = seen
  local before = read_ledger(member, channel)
  local ledger = before:gsub('(%d%d%d%d%d)f', function(day)
    if not spared_until(channel, ranges, tonumber(day)) then return nil end
    state.freezes = math.min(RULES.most_freezes, state.freezes + 1)
    return ''
  end)
  local lost, first = days_lost(member, channel, state, ranges, open)
  local is_lost = state.lost_day > 0 and lost == 0
  if is_lost then
    revive(state, 0)
  elseif state.lost_day > 0 then
    state.lost_day, state.through = first, math.max(state.through, first)
  end
  if ledger ~= before then write_ledger(member, channel, ledger) end
  if is_lost or ledger ~= before then redis.call('HDEL', mine, 'note:' .. channel) end
end

-- Fold the channel's closed question days after the settled ones into a member's streak. Returns the state, and what
-- became of the days that took something: {day, f or m, the streak before, until when it can be brought back or 0}.
local function settle(member, channel)
  local state, open, ranges = read_streak(member, channel), open_day(channel), away_ranges(member)
  give_back(member, channel, state, ranges, open)
  local last = tonumber(redis.call('ZREVRANGE', key('days', channel), 0, 0)[1] or '0')
  if last == open then last = last - 1 end
  local ledger, events, from = '', {}, state.through + 1
  for _ = 1, MOST_DAYS do
    if state.streak == 0 then
      -- Without a streak nothing changes before the next answer.
      from = first_mark(state, from)
      if not from then break end
    end
    local day = tonumber(redis.call('ZRANGEBYSCORE', key('days', channel), from, '+inf', 'LIMIT', 0, 1)[1] or '')
    if not day or day == open then break end
    local mark, spared = state.marks[day], spared_until(channel, ranges, day)
    if mark then
      add_answered(state)
      state.marks[day] = nil
    elseif spared then
      day = math.min(spared, last, (first_mark(state, day) or math.huge) - 1)
    else
      local before = state.streak
      mark = add_missed(state, day)
      events[#events + 1] = {day, mark, before, 0}
      if mark == 'm' then mark = nil end
    end
    if mark then ledger = ledger .. string.format('%05d', day) .. mark end
    from, state.through = day + 1, day
  end
  if ledger ~= '' then write_ledger(member, channel, read_ledger(member, channel) .. ledger) end
  write_streak(member, channel, state)
  local newest = events[#events]
  if newest and newest[2] == 'm' then newest[4] = bring_back_until(member, channel, state, ranges, open) end
  return state, events
end

-- The state with the answer to the open day, which may still be taken back.
local function as_shown(channel, state)
  local shown, open = {}, open_day(channel)
  for name, value in pairs(state) do shown[name] = value end
  if open and state.marks[open] then add_answered(shown) end
  shown.earned_freeze = shown.freezes > state.freezes
  return shown
end

-- The streak board of a channel, and the longest of a member's streaks on the team's.
local function rank_streak(member, channel, shown, now)
  set_score(board_key('streak', channel, member), member, shown.streak, now)
  local longest = shown.streak
  for _, other in ipairs(redis.call('HKEYS', key('streaks', member))) do
    if other ~= channel then
      longest = math.max(longest, points_of(redis.call('ZSCORE', board_key('streak', other, member), member)))
    end
  end
  set_score(board_key('streak', '', member), member, longest, now)
end

-- Bring a member's streak in a channel up to date, boards too. Returns the state as shown, and the events of `settle`.
local function streak_of(member, channel, now)
  local state, events = settle(member, channel)
  local shown = as_shown(channel, state)
  rank_streak(member, channel, shown, now)
  for _, event in ipairs(events) do
    -- The newest is the one to be told of, while it is news.
    if today(now) - event[1] <= RULES.told_within_days then
      local word = string.format('%d,%s,%d,%.0f', event[1], event[2], event[3], event[4])
      redis.call('HSET', key('member', member), 'note:' .. channel, word)
    end
  end
  return shown, events
end

local function mark_day(member, channel, day, mark)
  local state = read_streak(member, channel)
  state.marks[day] = mark
  if mark and (state.first == 0 or day < state.first) then state.first = day end
  if not mark and state.first == day and state.streak == 0 then state.first = 0 end
  write_streak(member, channel, state)
end

-- What a member has had of a question: "times answered, day that earned points, the round that earned them, the last
-- round it was answered in, the one before", '-' for none; '=' is the last round as the one that earned them.
local function read_had(member, question)
  local packed = redis.call('HGET', key('questions', member), question) or ''
  local times, day, earner, last, before = packed:match('^(%S+) (%S+) (%S+) (%S+) (%S+)$')
  if earner == '=' then earner = last end
  return {times = tonumber(times or '0'), day = tonumber(day or '0'), earner = earner or '-', last = last or '-',
    before = before or '-'}
end

local function write_had(member, question, had)
  if had.times <= 0 then
    redis.call('HDEL', key('questions', member), question)
  else
    redis.call('HSET', key('questions', member), question,
      table.concat({had.times, had.day, had.earner == had.last and '=' or had.earner, had.last, had.before}, ' '))
  end
end

local function count_answered(member, by)
  redis.call('HINCRBY', key('member', member), 'answered', by)
end

-- The round that a command means: the one named, the one in the message replied to, or the channel's newest; ''
-- where there is none. One of another channel may be named by those who have answered there before, or have taken
-- their answer to it back.
local function find_round(channel, named, message, member)
  if named ~= '' then
    local place = redis.call('HGET', key('round', named), 'channel')
    if place == channel then return named end
    local was_there = place and (redis.call('HEXISTS', key('streaks', member), place) == 1
      or redis.call('HEXISTS', key('acts', named), member) == 1)
    return was_there and named or ''
  end
  if message ~= '' then return redis.call('GET', key('message', channel, message)) or '' end
  return redis.call('HGET', key('channel', channel), 'round') or ''
end

-- A date is a question day of the channel, and its question counts as asked, once it stands there, not before.
local function count_as_asked(round)
  redis.call('ZADD', key('days', round.channel), round.day, round.day)
  redis.call('ZADD', key('asked', round.channel), round.opened, round.question)
end

-- An answer that was taken back again had counted it.
local function uncount_as_asked(round)
  redis.call('ZREM', key('days', round.channel), round.day)
  if round.asked_before then
    redis.call('ZADD', key('asked', round.channel), round.asked_before, round.question)
  else
    redis.call('ZREM', key('asked', round.channel), round.question)
  end
end

-- Whether a question is in an open round of the team. The prompt decides as well as the id: a deck may hold the same
-- question under another id, and the words of an id may have changed since it was asked.
local function is_open(hash_of_prompt, question)
  local found = redis.call('HMGET', key('open'), hash_of_prompt, question)
  return (found[1] or found[2]) ~= false
end

-- Questions that a channel asks soon, kept from practice: `ahead` are those that its order brings, `queue` those that an
-- admin put before them. Each has a count over all channels of the team.
local function keep_back(channel, field, questions)
  local name = key('channel', channel)
  for question in (redis.call('HGET', name, field) or ''):gmatch('%S+') do
    if redis.call('HINCRBY', key('ahead'), question, -1) <= 0 then redis.call('HDEL', key('ahead'), question) end
  end
  for question in questions:gmatch('%S+') do redis.call('HINCRBY', key('ahead'), question, 1) end
  if questions == '' then redis.call('HDEL', name, field) else redis.call('HSET', name, field, questions) end
end

-- A queue without a question.
local function unqueued(queue, question)
  local rest = {}
  for one in queue:gmatch('%S+') do
    if one ~= question then rest[#rest + 1] = one end
  end
  return table.concat(rest, ' ')
end

local function is_kept_back(hash_of_prompt, question)
  return is_open(hash_of_prompt, question) or redis.call('HEXISTS', key('ahead'), question) == 1
    or redis.call('HEXISTS', key('retired'), question) == 1
end

-- What is due for a member's review, the most overdue first, without what is kept back.
local MOST_DUE = 200

local function due_for(member, now)
  local found = {}
  for _, question in ipairs(redis.call('ZRANGEBYSCORE', key('due', member), '-inf', now, 'LIMIT', 0, MOST_DUE)) do
    if not is_kept_back('', question) then found[#found + 1] = question end
  end
  return found
end

-- From its reveal on a round is blind no more.
local function end_blindness(round)
  local asked = pick(key('round', round), 'prompt_hash', 'question')
  redis.call('HDEL', key('open'), asked.prompt_hash, asked.question)
end

-- Whether an answer is the question itself with less than an answer's worth of text around it. Both are normalised.
local function is_pasted(answer, prompt)
  return prompt ~= '' and answer:find(prompt, 1, true) ~= nil and #answer - #prompt < RULES.shortest_answer
end

-- Whether most of an answer stands letter by letter in the reference. Both are normalised.
local function is_copied(answer, reference)
  local pieces, found, size = 0, 0, RULES.piece_of_copy
  if #answer < 2 * size or reference == '' then return false end
  for at = 1, #answer - size + 1, size do
    pieces = pieces + 1
    if reference:find(answer:sub(at, at + size - 1), 1, true) then found = found + 1 end
  end
  return found / pieces > RULES.most_copied
end
