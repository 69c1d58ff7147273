-- Keep what a member wrote in a form for some days, or forget it.
-- ARGV: member, JSON of it or '', moment of the act, its request where no platform told that moment
-- Result: 1, or 0 when a newer act stands, or the member had everything erased since.
local member, at = ARGV[1], first_moment(ARGV[4], tonumber(ARGV[3]))
local newest, text = read_draft(member)
-- What a repeated act kept may be sent already.
if at < newest or at == newest and text == '' or is_erased(member, at) then return 0 end
write_draft(member, at, ARGV[2])
return 1
