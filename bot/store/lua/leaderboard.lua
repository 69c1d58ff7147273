-- The top ten of a board and one member's own standing on it, now and a week ago.
-- ARGV: channel, or '' for the team; board (week, month, all, streak); member; now
-- Result: JSON {top: [[member, name, points, rank before?], ...], size, own?: [rank, points, rank before?], hidden}.
local channel, board, member, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local MOST_LOOKS = 5
local day = today(now)
local name = board_key(boards_of(day)[board], channel)

-- A streak is brought up to date when it is seen. It can only be shorter than it stands on the board.
local function refresh()
  for _ = 1, MOST_LOOKS do
    local changed = false
    for _, one in ipairs(redis.call('ZREVRANGE', name, 0, RULES.board_top - 1)) do
      local before = points_of(redis.call('ZSCORE', name, one))
      for _, place in ipairs(channel ~= '' and {channel} or redis.call('HKEYS', key('streaks', one))) do
        streak_of(one, place, now)
      end
      changed = changed or points_of(redis.call('ZSCORE', name, one)) ~= before
    end
    if not changed then break end
  end
end
if board == 'streak' then refresh() end

-- Places on the board of the week before; other boards have none.
local before = board == 'week' and boards_of(day - 7).week or nil
local old_name = before and board_key(before, channel)
local function place_before(one)
  local score = old_name and redis.call('ZSCORE', old_name, one)
  return score and rank_of(old_name, points_of(score)) or nil
end

local flat, top = redis.call('ZREVRANGE', name, 0, RULES.board_top - 1, 'WITHSCORES'), {}
for i = 1, #flat, 2 do
  local called = redis.call('HGET', key('member', flat[i]), 'name') or flat[i]
  top[#top + 1] = {flat[i], called, points_of(flat[i + 1]), place_before(flat[i])}
end
local score, own = redis.call('ZSCORE', name, member), nil
if score then own = {rank_of(name, points_of(score)), points_of(score), place_before(member)} end
return cjson.encode({top = top, size = redis.call('ZCARD', name), own = own,
  hidden = redis.call('HEXISTS', key('member', member), 'hidden') == 1})
