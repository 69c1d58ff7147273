-- Keep what a member wrote in a form for some days, or forget it.
-- ARGV: member, JSON of it or '', moment of the act, its request where no platform told that moment
-- Result: 1, or 0 when a newer act stands, or the member had everything erased since.
local member, at = ARGV[1], first_moment(ARGV[4], tonumber(ARGV[3]))
local newest, text = read_draft(member)
-- What a repeated act kept may be sent already, and stands as it was.
if at < newest or is_erased(member, at) then return 0 end
if at == newest and text == '' then return 0 end
if at == newest and ARGV[2] ~= '' then return 1 end
write_draft(member, at, ARGV[2])
return 1
