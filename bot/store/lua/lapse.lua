-- Bring the streaks of some members of a channel up to date, and say what that took.
-- ARGV: channel, now, members
-- Result: JSON [[member, day, f or m, the streak before, until when it can be brought back or 0, freezes left], ...]
local channel, now, found = ARGV[1], tonumber(ARGV[2]), {}
for i = 3, #ARGV do
  local shown, events = streak_of(ARGV[i], channel, now)
  for _, event in ipairs(events) do
    found[#found + 1] = {ARGV[i], event[1], event[2], event[3], event[4], shown.freezes}
  end
end
return #found > 0 and cjson.encode(found) or '[]'
