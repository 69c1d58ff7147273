-- Put a question before a channel's own order, behind what was put there, or take it away.
-- ARGV: channel, question, add or remove, how many there may be at most
-- Result: added, there (it is in the queue already), full, removed, none (it is not in the queue), or no_schedule.
local channel, question, act = ARGV[1], ARGV[2], ARGV[3]
local name = key('channel', channel)
local fields = pick(name, 'schedule', 'queue')
local queue = fields.queue or ''
local rest = unqueued(queue, question)
if act == 'remove' then
  if rest == queue then return 'none' end
  keep_back(channel, 'queue', rest)
  return 'removed'
end
if not fields.schedule then return 'no_schedule' end
if rest ~= queue then return 'there' end
if select(2, queue:gsub('%S+', '')) >= tonumber(ARGV[4]) then return 'full' end
keep_back(channel, 'queue', queue == '' and question or queue .. ' ' .. question)
return 'added'
