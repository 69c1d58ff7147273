-- The top ten of a board and one member's own standing on it.
-- ARGV: board (week, month, all, streak), member, now
-- Result: JSON {top: [[member, name, score], ...], size, own?: [rank, score], hidden, more}.
--   `more` says that streaks remain to be brought up to date: run it again.
local board, member, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local BATCH = 500
local more = false
local function newest_closed_day()
  local unclosed = hash(key('unclosed'))
  for _, day in ipairs(redis.call('ZREVRANGE', key('days'), 0, 7)) do
    if not unclosed[day] then return day end
  end
  return 0
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
