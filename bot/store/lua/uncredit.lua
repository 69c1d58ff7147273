-- Let nothing say who suggested a question that the team took, from its next reveal on.
-- ARGV: id of the suggestion, its member
-- Result: 1, or 0 when the team took no such suggestion of theirs.
for question, stored in pairs(hash(key('credits'))) do
  local credit = cjson.decode(stored)
  if credit.suggestion == ARGV[1] and credit.member == ARGV[2] then
    credit.name = ''
    redis.call('HSET', key('credits'), question, cjson.encode(credit))
    local round = redis.call('HGET', key('open'), question)
    if round and redis.call('HGET', key('round', round), 'credit_by') == ARGV[2] then
      redis.call('HDEL', key('round', round), 'credit', 'credit_by')
    end
    return 1
  end
end
return 0
