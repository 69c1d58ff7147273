-- Note that llmq was taken out of the team: its schedules stop, and what is held goes after a while.
-- ARGV: moment
-- Result: 1, or 0 when that is known.
return redis.call('HSETNX', key('team'), 'left', ARGV[1])
