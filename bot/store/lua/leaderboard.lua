-- The top ten of a board and one member's own standing on it.
-- ARGV: board (week, month, all, streak), member, now
-- Result: JSON {top: [[member, name, score], ...], size, own?: [rank, score], hidden, more}.
--   `more` says that streaks remain to be brought up to date: run it again.
local board, member, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local BATCH = 500
local more = false
-- The newest round day with nothing open on it or before it: streaks can be worked out up to there.
local function newest_closed_day()
  local first_open = '+inf'
  for _, day in ipairs(redis.call('HKEYS', key('unclosed'))) do
    if first_open == '+inf' or tonumber(day) < first_open then first_open = tonumber(day) end
  end
  local below = first_open == '+inf' and first_open or '(' .. first_open
  return redis.call('ZREVRANGEBYSCORE', key('days'), below, '-inf', 'LIMIT', 0, 1)[1] or 0
end
if board == 'streak' then
  local late = redis.call('ZRANGEBYSCORE', key('live'), '-inf', '(' .. newest_closed_day(), 'LIMIT', 0, BATCH)
  for _, one in ipairs(late) do rank_streak(one, streak_of(one, now)) end
  more = #late == BATCH
end
local name = key('board', boards_of(today(now))[board])
local flat, members, top = redis.call('ZREVRANGE', name, 0, 9, 'WITHSCORES'), {}, {}
for i = 1, #flat, 2 do members[#members + 1] = flat[i] end
local names = #members > 0 and redis.call('HMGET', key('names'), unpack(members)) or {}
for i, one in ipairs(members) do top[i] = {one, names[i] or one, tonumber(flat[2 * i])} end
local score, own = redis.call('ZSCORE', name, member), nil
if score then own = {redis.call('ZCOUNT', name, '(' .. score, '+inf') + 1, tonumber(score)} end
return cjson.encode({top = top, size = redis.call('ZCARD', name), own = own, more = more,
  hidden = board_suffix(member) ~= ''})
