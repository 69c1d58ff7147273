-- Let a member be told something.
-- ARGV: member, JSON of the note, moment, the request that asks for it, which may come again ('' where none does)
-- Result: 1, or 0 when that request was here before.
local asked = key('request', 'note:' .. ARGV[4])
if ARGV[4] ~= '' and not redis.call('SET', asked, ARGV[3], 'NX', 'PX', RULES.kept_request) then return 0 end
redis.call('ZADD', key('notes', ARGV[1]), ARGV[3], ARGV[2])
return 1
