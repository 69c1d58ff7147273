-- Leave or join the boards: the points stay, on the boards of those who are hidden.
-- ARGV: member, 'off' or 'on', now
-- Result: 1 when that changed anything, else 0.
local member, off = ARGV[1], ARGV[2] == 'off'
local changed = redis.call(off and 'SADD' or 'SREM', key('hidden'), member)
if changed == 0 then return 0 end
local day, names = today(tonumber(ARGV[3])), {}
-- Answers to a round of the days before still count for the period that has just ended.
for one = day - 2, day + 1 do
  for period, board in pairs(boards_of(one)) do names[board] = period end
end
for board, period in pairs(names) do
  local from, to = key('board', board), key('board', board) .. ':hidden'
  if not off then from, to = to, from end
  local score = redis.call('ZSCORE', from, member)
  if score then
    redis.call('ZREM', from, member)
    redis.call('ZADD', to, score, member)
    expire(period, to)
  end
end
return 1
