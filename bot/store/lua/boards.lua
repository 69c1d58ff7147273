-- Leave or join the boards: the points stay, on the boards of those who are hidden.
-- ARGV: member, off or on, now, the moment of the act, its request where no platform told that moment
-- Result: changed, same, or older (a newer act stands).
local member, off, now, at = ARGV[1], ARGV[2] == 'off', tonumber(ARGV[3]), first_moment(ARGV[5], tonumber(ARGV[4]))
local mine = key('member', member)
local saved = redis.call('HMGET', mine, 'hidden', 'boards_at')
if is_erased(member, at) or at < tonumber(saved[2] or '0') then return 'older' end
redis.call('HSET', mine, 'boards_at', at)
if (saved[1] ~= false) == off then return 'same' end
local day, names = today(now), {}
-- Answers to a round of the days before still count for the period that has just ended.
for one = day - 2, day + 1 do
  for period, board in pairs(boards_of(one)) do names[board] = period end
end
local channels = redis.call('HKEYS', key('streaks', member))
channels[#channels + 1] = ''
-- Practice earns points in channels where the member never answered a round.
for _, channel in ipairs(redis.call('SMEMBERS', key('places', member))) do channels[#channels + 1] = channel end
for board, period in pairs(names) do
  for _, channel in ipairs(channels) do
    local from = board_key(board, channel)
    local to = from .. ':hidden'
    if not off then from, to = to, from end
    local score = redis.call('ZSCORE', from, member)
    if score then
      redis.call('ZREM', from, member)
      redis.call('ZADD', to, score, member)
      expire(period, to)
    end
  end
end
if off then redis.call('HSET', mine, 'hidden', 1) else redis.call('HDEL', mine, 'hidden') end
return 'changed'
