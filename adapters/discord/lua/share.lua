-- Share an application's shards out among the replicas that run, and tell a replica of its own.
-- KEYS: llmq:{discord:application:<id>}. ARGV: replica, now, lease in ms (0 to leave), shards wanted, then the shards
--   that it serves
-- Beside it: <key>:replicas, sorted set of replica by the end of its lease; <key>:shards, hash of shard -> replica that
--   is to serve it; <key>:served, hash of shard -> replica that last did; <key>:count, how many shards all agree on.
-- Result: JSON {count, replicas, ours, elsewhere}; elsewhere has the shards that another is to serve, and does.
local me, now, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local replicas, count = KEYS[1] .. ':replicas', KEYS[1] .. ':count'
local shards, served = KEYS[1] .. ':shards', KEYS[1] .. ':served'

if #redis.call('ZRANGEBYSCORE', replicas, '(' .. now, '+inf') == 0 then
  if redis.call('ZSCORE', replicas, me) then
    -- It was Redis that was away, not the replicas: the others get the time of a lease to say so.
    for _, one in ipairs(redis.call('ZRANGE', replicas, 0, -1)) do redis.call('ZADD', replicas, now + lease, one) end
  else
    redis.call('DEL', replicas, shards, served)
    redis.call('SET', count, ARGV[4])
  end
end
redis.call('ZREMRANGEBYSCORE', replicas, '-inf', now)
if lease > 0 then redis.call('ZADD', replicas, now + lease, me) else redis.call('ZREM', replicas, me) end

local live, held, free = redis.call('ZRANGE', replicas, 0, -1), {}, {}
local total = tonumber(redis.call('GET', count) or ARGV[4])
for _, one in ipairs(live) do held[one] = {} end
for shard = 0, total - 1 do
  table.insert(held[redis.call('HGET', shards, shard)] or free, shard)
end

local function fewest()
  local found = held[me] and me or live[1]
  for _, one in ipairs(live) do
    if #held[one] < #held[found] then found = one end
  end
  return found
end

local function give(shard)
  local one = fewest()
  table.insert(held[one], shard)
  redis.call('HSET', shards, shard, one)
end

if #live > 0 then
  for _, shard in ipairs(free) do give(shard) end
end
-- Only who has too many gives some away, so that a replica always knows which shards it may lose.
while held[me] and #held[me] > #held[fewest()] + 1 do give(table.remove(held[me])) end

for i = 5, #ARGV do
  if redis.call('HGET', shards, ARGV[i]) == me then redis.call('HSET', served, ARGV[i], me) end
end
local elsewhere = {}
for one, theirs in pairs(held) do
  for _, shard in ipairs(one ~= me and theirs or {}) do
    if redis.call('HGET', served, shard) == one then table.insert(elsewhere, shard) end
  end
end
return cjson.encode({count = total, replicas = #live, ours = held[me] or {}, elsewhere = elsewhere})
