-- What some keys of the team hold of a member: read it, or erase it. Both in one place, so that what is erased is
-- what an export shows, and nothing else is left.
-- ARGV: member, read or erase, then keys without the team's prefix and its colon
-- Result: JSON {found: [[key, value as JSON], ...], look: [channel, ...]}; `look` are channels whose reveal waited for
--   the member and may wait for nobody now.
local member, erases = ARGV[1], ARGV[2] == 'erase'
local found, look = {}, {}

local function tell(name, value)
  found[#found + 1] = {name, cjson.encode(value)}
end

local READ = {
  hash = hash,
  set = function(name) return redis.call('SMEMBERS', name) end,
  string = function(name) return redis.call('GET', name) end,
  zset = function(name)
    local flat, scores = redis.call('ZRANGE', name, 0, -1, 'WITHSCORES'), {}
    for i = 1, #flat, 2 do scores[flat[i]] = flat[i + 1] end
    return scores
  end,
}

-- A key of the member's own.
local function own(name, of)
  local read = of == member and READ[redis.call('TYPE', key(name)).ok]
  if not read then return end
  tell(name, read(key(name)))
  if erases then redis.call('DEL', key(name)) end
end

local function field(name)
  local value = redis.call('HGET', key(name), member)
  if value then tell(name, value) end
  if value and erases then redis.call('HDEL', key(name), member) end
end

local function place(name)
  local score = redis.call('ZSCORE', key(name), member)
  if score then tell(name, score) end
  if score and erases then redis.call('ZREM', key(name), member) end
  return score
end

local function among(name)
  local is_in = redis.call('SISMEMBER', key(name), member) == 1
  if is_in then tell(name, true) end
  if is_in and erases then redis.call('SREM', key(name), member) end
  return is_in
end

-- A reveal tells this order page by page, so a place in it stays, with nobody in it.
local function in_order(name)
  local rank = redis.call('ZRANK', key(name), member)
  local score = place(name)
  if score and erases then redis.call('ZADD', key(name), score, 'erased ' .. rank) end
end

-- Who has not answered is waited for no more.
local function waited_for(name, round)
  local answered = redis.call('HGET', key('answers', round), member)
  if not among(name) or not erases then return end
  if not answered or cjson.decode(answered).late then
    redis.call('HINCRBY', key('round', round), 'waiting', -1)
    look[#look + 1] = redis.call('HGET', key('round', round), 'channel')
  end
end

-- An answer and the mark of a regular are erased together, lest the next look takes them for one without an answer.
local function answer(name, round)
  local regulars = 'regulars:' .. round
  if redis.call('HEXISTS', key(name), member) == 1 then waited_for(regulars, round) end
  local value = redis.call('HGET', key(name), member)
  if not value then return end
  local round_of = pick(key('round', round), 'prompt', 'channel', 'day')
  local given = cjson.decode(value)
  given.prompt, given.channel, given.day = round_of.prompt, round_of.channel, tonumber(round_of.day)
  tell(name, given)
  if erases then redis.call('HDEL', key(name), member) end
end

local function text(name, of)
  if of:sub(-#member - 1) ~= ':' .. member then return end
  tell(name, redis.call('GET', key(name)))
  if erases then redis.call('DEL', key(name)) end
end

local function reply(name)
  local value = redis.call('GET', key(name)) or ''
  if value:match('^%S+ (.+)$') ~= member or value:match('^gone %d+$') then return end
  tell(name, value)
  if erases then redis.call('DEL', key(name)) end
end

-- Lists of JSON with a `member`; what an earlier version kept without one may be anybody's.
local function entries(name)
  for _, stored in ipairs(redis.call('LRANGE', key(name), 0, -1)) do
    local entry = cjson.decode(stored)
    if entry.member == member then tell(name, entry) end
    if erases and (entry.member == member or not entry.member) then redis.call('LREM', key(name), 1, stored) end
  end
end

-- Settled flags: the member's own, and the words of an admin who replied.
local function settled(name)
  entries(name)
  for n, stored in ipairs(redis.call('LRANGE', key(name), 0, -1)) do
    local entry = cjson.decode(stored)
    if entry.by == member then
      tell(name, {question = entry.question, reply = entry.reply})
      entry.by, entry.reply = '', ''
      if erases then redis.call('LSET', key(name), n - 1, cjson.encode(entry)) end
    end
  end
end

-- An empty one says no more than when it was sent or dropped.
local function draft(name, of)
  if of ~= member then return end
  local _, text = read_draft(of)
  if text ~= '' then tell(name, text) end
  if erases then redis.call('DEL', key(name)) end
end

-- What waits for the team's admins, with the index of when it was sent.
local function waiting(index)
  return function(name)
    for id, stored in pairs(hash(key(name))) do
      local one = cjson.decode(stored)
      if one.member == member then
        tell(name, one)
        if erases then
          redis.call('HDEL', key(name), id)
          redis.call('ZREM', key(index), id)
        end
      end
    end
  end
end

-- A question that the team took is the team's; nobody is named for it any more.
local function credits(name)
  for question, stored in pairs(hash(key(name))) do
    local credit = cjson.decode(stored)
    if credit.member == member then
      local entry = redis.call('HGET', key('deck'), own_field(question))
      local written = entry and cjson.decode(entry).question or {}
      -- Admins may have changed it since, and the reveal is to come.
      if redis.call('HEXISTS', key('open'), question) == 1 or redis.call('HEXISTS', key('ahead'), question) == 1 then
        written.answer = nil
      end
      tell(name, {question = question, name = credit.name, prompt = written.prompt, answer = written.answer})
      if erases then redis.call('HDEL', key(name), question) end
    end
  end
end

local function round(name)
  local credit = pick(key(name), 'credit', 'credit_by', 'question')
  if credit.credit_by ~= member then return end
  tell(name, {question = credit.question, credit = credit.credit})
  if erases then redis.call('HDEL', key(name), 'credit', 'credit_by') end
end

-- What an admin told others is gone with the admin, where it was not told yet.
local function notes(name, of)
  own(name, of)
  if of == member then return end
  for _, stored in ipairs(redis.call('ZRANGE', key(name), 0, -1)) do
    local note = cjson.decode(stored)
    if note.by == member then
      tell('notes', {prompt = note.prompt, reply = note.reply})
      if erases then
        local at = redis.call('ZSCORE', key(name), stored)
        note.by, note.reply = '', ''
        redis.call('ZREM', key(name), stored)
        redis.call('ZADD', key(name), at, cjson.encode(note))
      end
    end
  end
end

-- A schedule goes on with nobody to tell; as it is stored by compare and set, it is changed by who reads this. Who
-- paused it is named in a note, of which an earlier version did not say whose it is.
local function channel(name)
  local settings = pick(key(name), 'schedule', 'note', 'paused_by')
  if settings.schedule and cjson.decode(settings.schedule).set_by == member then
    tell(name, {schedule = 'set by you'})
  end
  local mine = settings.paused_by == member
  if mine then tell(name, {note = settings.note}) end
  if not erases then return end
  if mine or not settings.paused_by and (settings.note or ''):match('^By ') then
    redis.call('HSET', key(name), 'note', 'By an admin.')
    redis.call('HDEL', key(name), 'paused_by')
  end
end

-- What was done stays, without who did it or whom it was about.
local function log(name)
  for n, stored in ipairs(redis.call('LRANGE', key(name), 0, -1)) do
    local act = cjson.decode(stored)
    if act.member == member or act.about == member then
      tell(name, act)
      if act.member == member then act.member = '' end
      if act.about == member then act.about = '' end
      if erases then redis.call('LSET', key(name), n - 1, cjson.encode(act)) end
    end
  end
end

local KINDS = {
  member = own, streaks = own, ledger = own, questions = own, practised = own, learnt = own, due = own, attempt = own,
  hinted = own, places = own, interview = own, exported = own, notes = notes, answers = answer, acts = field,
  read = field, late = place, board = place, order = in_order, regulars = waited_for, hint = among, wants = among,
  planned = among, withdrawn = text, reply = reply, proposals = entries, settled = settled,
  flags = waiting('flagged'), suggestions = waiting('suggested'), draft = draft, reviewers = field, admins = field, credits = credits,
  round = round, channel = channel, log = log,
}
for i = 3, #ARGV do
  local kind, of = ARGV[i]:match('^([^:]+):?(.*)$')
  if KINDS[kind] then KINDS[kind](ARGV[i], of) end
end
return cjson.encode({found = #found > 0 and found or nil, look = #look > 0 and look or nil})
