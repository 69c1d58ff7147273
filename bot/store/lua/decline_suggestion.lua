-- Give a suggestion back to its author, with a note.
-- ARGV: id, JSON as it was read, moment, JSON of the note, author, its moment
-- Result: 1, or 0 when the suggestion is gone or was changed.
local id, author = ARGV[1], ARGV[5]
if redis.call('HGET', key('suggestions'), id) ~= ARGV[2] or is_erased(author, tonumber(ARGV[6])) then return 0 end
redis.call('HDEL', key('suggestions'), id)
-- A platform may repeat the act that sent it.
redis.call('SET', key('request', id), cjson.decode(ARGV[2]).at, 'PX', RULES.kept_request)
redis.call('ZREM', key('suggested'), id)
redis.call('ZADD', key('notes', author), ARGV[3], ARGV[4])
local _, written = read_draft(author)
if written == '' then write_draft(author, tonumber(ARGV[3]), ARGV[2]) end
return 1
