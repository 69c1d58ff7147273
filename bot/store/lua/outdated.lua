-- Take members' texts out of some keys of a team that are older than texts are kept: those that have no end of their
-- own, and answers whose end was set when texts were kept for longer.
-- ARGV: now, then keys without the team's prefix and its colon
-- Result: 1.
local since = tonumber(ARGV[1]) - RULES.kept_round

local function answers(name)
  if redis.call('PTTL', name) > RULES.kept_round then redis.call('PEXPIRE', name, RULES.kept_round) end
end

-- A flag still says what is wrong with its question.
local function without_words(flag)
  flag.text, flag.reply, flag.by = '', '', ''
  return cjson.encode(flag)
end

local function has_old_words(flag)
  return flag.at < since and (flag.text ~= '' or flag.reply ~= '')
end

local function flags(name)
  for id, stored in pairs(hash(name)) do
    local flag = cjson.decode(stored)
    if has_old_words(flag) then redis.call('HSET', name, id, without_words(flag)) end
  end
end

local function settled(name)
  for n, stored in ipairs(redis.call('LRANGE', name, 0, -1)) do
    local flag = cjson.decode(stored)
    if has_old_words(flag) then redis.call('LSET', name, n - 1, without_words(flag)) end
  end
end

-- Of those that an earlier version kept without a moment nobody knows how old they are.
local function proposals(name)
  for _, stored in ipairs(redis.call('LRANGE', name, 0, -1)) do
    if (cjson.decode(stored).at or 0) < since then redis.call('LREM', name, 1, stored) end
  end
end

-- What nobody settled for so long is not asked any more.
local function suggestions(name)
  for id, stored in pairs(hash(name)) do
    if cjson.decode(stored).at < since then
      redis.call('HDEL', name, id)
      redis.call('ZREM', key('suggested'), id)
    end
  end
end

local KINDS = {answers = answers, flags = flags, settled = settled, proposals = proposals, suggestions = suggestions}
for i = 2, #ARGV do
  local kind = KINDS[ARGV[i]:match('^[^:]+')]
  if kind then kind(key(ARGV[i])) end
end
return 1
