-- One key of the team, whole, where that is the first that a command reads.
-- ARGV: GET, HKEYS or ZRANGE, then its name without the team's prefix
-- Result: what the server says to that.
local READS = {
  GET = function(name) return redis.call('GET', name) end,
  HKEYS = function(name) return redis.call('HKEYS', name) end,
  ZRANGE = function(name) return redis.call('ZRANGE', name, 0, -1) end,
}
return READS[ARGV[1]](key(ARGV[2]))
