-- Take a suggestion into the team's own deck, and have its author told.
-- ARGV: id, JSON as it was read, moment, JSON of the note, author, its moment, question in the deck, JSON of its entry,
--   JSON of its credit
-- Result: 1, 0 when the suggestion is gone or was changed, -1 when the deck has such an id, or -2 when it is full.
local id, author, question, deck = ARGV[1], ARGV[5], ARGV[7], key('deck')
local credit = redis.call('HGET', key('credits'), question)
if credit and cjson.decode(credit).suggestion == id then return 1 end
if redis.call('HGET', key('suggestions'), id) ~= ARGV[2] or is_erased(author, tonumber(ARGV[6])) then return 0 end
if redis.call('HEXISTS', deck, own_field(question)) == 1 then return -1 end
if redis.call('HLEN', deck) > RULES.most_own_questions then return -2 end
redis.call('HSET', deck, own_field(question), ARGV[8], 'revision', next_revision(tonumber(ARGV[3])))
redis.call('HSET', key('credits'), question, ARGV[9])
redis.call('HDEL', key('suggestions'), id)
-- A platform may repeat the act that sent it.
redis.call('SET', key('request', id), cjson.decode(ARGV[2]).at, 'PX', RULES.kept_request)
redis.call('ZREM', key('suggested'), id)
redis.call('ZADD', key('notes', author), ARGV[3], ARGV[4])
return 1
