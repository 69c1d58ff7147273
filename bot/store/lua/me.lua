-- A member's streaks, standings and ledger.
-- ARGV: member, channel or '', now, how many question days of the channel
-- Result: JSON {here?: {streak, best, freezes, ledger: [[day, mark], ...], lost_day, lost, restored},
--   others: [[channel, streak, best], ...], 20 at most, today, answered, hidden, boards?: {...}, team_boards: {...},
--   away, practice}; boards are name -> [points, rank].
--   A mark is a, l, r, f, as in the ledger; o (open), x (excused), d (llmq was down), w (away) or m (no answer).
local member, channel, now, count = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local mine, MOST_OTHERS = key('member', member), 20

local function marks_of(state)
  local marks, open, ranges = {}, open_day(channel), away_ranges(member)
  for day, mark in read_ledger(member, channel):gmatch('(%d%d%d%d%d)(%a)') do marks[tonumber(day)] = mark end
  for day, mark in pairs(state.marks) do marks[day] = mark end
  local ledger = {}
  for _, one in ipairs(redis.call('ZREVRANGE', key('days', channel), 0, count - 1)) do
    local day = tonumber(one)
    if day < state.first or state.first == 0 then break end
    local mark = marks[day] or day == open and 'o' or redis.call('HGET', key('excused', channel), day)
      or away_until(ranges, day) and 'w' or 'm'
    table.insert(ledger, 1, {day, mark})
  end
  return ledger
end

local function standings(place)
  local found = {}
  for period, board in pairs(boards_of(today(now))) do
    local name = board_key(board, place, member)
    local points = points_of(redis.call('ZSCORE', name, member))
    if points > 0 then found[period] = {points, rank_of(name, points)} end
  end
  return found
end

local here, others = nil, {}
for _, place in ipairs(redis.call('HKEYS', key('streaks', member))) do
  local shown = (place == channel or #others < MOST_OTHERS) and streak_of(member, place, now)
  if shown and place == channel then
    local last = bring_back_until(member, channel, shown, away_ranges(member), open_day(channel))
    here = {streak = shown.streak, best = shown.best, freezes = shown.freezes, ledger = marks_of(shown),
      lost_day = now <= last and shown.lost_day or 0,
      lost = shown.lost, restored = shown.restored}
  elseif shown then
    others[#others + 1] = {place, shown.streak, shown.best}
  end
end
local saved = redis.call('HMGET', mine, 'answered', 'practice_day', 'practice', 'away', 'hidden')
return cjson.encode({here = here, others = others, today = today(now), answered = tonumber(saved[1] or 0),
  hidden = saved[5] ~= false, boards = channel ~= '' and standings(channel) or nil, team_boards = standings(''),
  away = saved[4] or '', practice = tonumber(saved[2] or 0) == today(now) and tonumber(saved[3]) or 0})
