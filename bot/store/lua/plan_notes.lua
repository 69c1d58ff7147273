-- Let members who play in a channel be told something of a round, each once.
-- ARGV: channel, kind and round as one word, JSON of the note, moment, members
-- Result: list of the members among them who play there.
local channel, what, note, moment = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local found, planned = {}, key('planned', what)
for i = 5, #ARGV do
  local member = ARGV[i]
  if redis.call('HEXISTS', key('streaks', member), channel) == 1 then
    found[#found + 1] = member
    if redis.call('SADD', planned, member) == 1 then redis.call('ZADD', key('notes', member), moment, note) end
  end
end
redis.call('PEXPIRE', planned, RULES.kept_round)
return found
