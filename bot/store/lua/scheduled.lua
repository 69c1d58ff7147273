-- The team's channels that have a schedule.
-- Result: list of channels.
return redis.call('SMEMBERS', key('scheduled'))
