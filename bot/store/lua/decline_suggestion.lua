-- Give a suggestion back to its author, with a note.
-- ARGV: id, JSON as it was read, moment, JSON of the note, author, its moment
-- Result: 1, or 0 when the suggestion is gone or was changed.
local id, author = ARGV[1], ARGV[5]
if redis.call('HGET', key('suggestions'), id) ~= ARGV[2] or is_erased(author, tonumber(ARGV[6])) then return 0 end
redis.call('HDEL', key('suggestions'), id)
redis.call('ZREM', key('suggested'), id)
redis.call('ZADD', key('notes', author), ARGV[3], ARGV[4])
redis.call('SET', key('draft', author), ARGV[2], 'NX', 'PX', RULES.kept_draft)
return 1
