-- A member's streak, totals, standings and ledger.
-- ARGV: member, now, first day of the ledger
-- Result: JSON {streak, best, freezes, answered, today, hidden, boards: {name: [points, rank]}, ledger: ["<day><status>"]}.
--   The status is a (answered), l (late), f (frozen), m (missed) or o (still open); the oldest day comes first.
local member, now = ARGV[1], tonumber(ARGV[2])
local state, tail = streak_of(member, now)
rank_streak(member, state)
local day, boards, suffix = today(now), {}, board_suffix(member)
for period, board in pairs(boards_of(day)) do
  local name = key('board', board)
  local score = redis.call('ZSCORE', name .. suffix, member)
  if score then
    local rank = redis.call('ZCOUNT', name, '(' .. score, '+inf') + 1
    boards[period] = {tonumber(score), rank}
  end
end
local ledger = redis.call('ZRANGEBYSCORE', key('ledger', member), ARGV[3], '+inf')
for _, entry in ipairs(tail) do ledger[#ledger + 1] = entry end
return cjson.encode({streak = state.streak, best = state.best, freezes = state.freezes, today = day,
  answered = tonumber(redis.call('HGET', key('member', member), 'answered') or 0),
  hidden = suffix ~= '', boards = boards, ledger = ledger})
