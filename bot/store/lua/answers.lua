-- Answers of a round with their authors' names: those in time in the order they came, or those whose own message in
-- the thread is to be brought up to date, without a text where it is to be taken away.
-- ARGV: round, order or late, first, last
-- Result: list of JSON {member, name, text, at, late, read?, id, said?}.
local members, found = redis.call('ZRANGE', key(ARGV[2], ARGV[1]), ARGV[3], ARGV[4]), {}
for _, member in ipairs(members) do
  local stored = redis.call('HGET', key('answers', ARGV[1]), member)
  local answer = stored and cjson.decode(stored) or ARGV[2] == 'late' and {text = '', at = 0, late = true, id = ''}
  if answer and (ARGV[2] == 'late' or not answer.late) then
    found[#found + 1] = cjson.encode({member = member, text = answer.text, at = answer.at, late = answer.late,
      read = answer.read, id = answer.id, said = answer.said, name = redis.call('HGET', key('member', member), 'name') or member})
  end
end
return found
