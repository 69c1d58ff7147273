-- What a member does about their answer to a round: give it, change it, take it back, in a form, by command, or by a
-- reply in the question's thread. The newest act by its own moment counts, in whatever order acts arrive.
-- ARGV: channel, round or '', question message or '', member, name, kind, text, normalised text, request, moment,
--   trusted (1 when the platform told the moment), now, reply (its message id) or '', created, worth (0 for an answer
--   that says "I don't know", else 1)
--   kind is answer, withdraw, reply (a message in the thread, as it stands now) or gone (that message was deleted).
-- Result: JSON {status, round, message, replies, points, streak, freezes, earned_freeze?, reveal_at?, count_at?,
--   text?, tick?, untick?}.
--   status is none, over, pasted, copied, kept, talk, older, nothing, revealed, withdrawn, saved, same, replaced, late,
--   late_replaced, restored or erased (the act is from before its member had everything erased). `reveal_at` is the
--   moment from which the round may be revealed now, `count_at` that from which the question's post is to say anew
--   how many answered.
local channel, named, message, member, name, kind, text, plain, request = unpack(ARGV, 1, 9)
local at, trusted, now = tonumber(ARGV[10]), ARGV[11] == '1', tonumber(ARGV[12])
local reply, created, worth = ARGV[13], tonumber(ARGV[14]), tonumber(ARGV[15])

-- A deleted message is known by its id alone. Its deletion may come before it does.
local known_reply = reply ~= '' and redis.call('GET', key('reply', channel, reply)) or ''
local gone_at = tonumber(known_reply:match('^gone (%d+)$'))
if kind == 'gone' then
  if gone_at or known_reply == '' then
    if find_round(channel, '', message, member) ~= '' then
      redis.call('SET', key('reply', channel, reply), string.format('gone %.0f', at), 'PX', RULES.kept_request)
    end
    return cjson.encode({status = 'none'})
  end
  named, member = known_reply:match('^(%S+) (%S+)$')
  channel = redis.call('HGET', key('round', named), 'channel') or channel
end

if not trusted then at = first_moment(request, at) end

-- An edit of a message from before is no new word.
if is_erased(member, kind == 'reply' and created or at) then
  return cjson.encode({status = reply ~= '' and 'none' or 'erased'})
end

local id = find_round(channel, named, message, member)
local round = pick(key('round', id), 'state', 'channel', 'plain', 'reference_plain', 'day', 'question', 'opened',
  'replies', 'min_replies', 'regulars', 'waiting', 'reveal_from', 'revealed', 'closed', 'message', 'shown', 'shown_at')
local replies_before = round.replies
if not round.state then return cjson.encode({status = 'none'}) end
channel = round.channel
local day, was_revealed = tonumber(round.day), tonumber(round.revealed or '0')
local is_blind = round.state == 'open' or round.state == 'scheduled'
local in_time = is_blind or round.state == 'revealed' and at < was_revealed
local act = {at = at, id = redis.sha1hex(request):sub(1, 8)}

local answers, acts = key('answers', id), key('acts', id)
local stored = redis.call('HGET', answers, member)
local before = stored and cjson.decode(stored) or nil

-- The moment from which the question's post may say anew how many answered, where that is due and nobody sees to it.
local function count_at()
  local shown = tonumber(round.shown or '0')
  if round.state ~= 'open' or tonumber(round.replies) == shown then return nil end
  local due = tonumber(round.shown_at or round.opened) + RULES.recount_every
  if tonumber(replies_before) ~= shown and due > now then return nil end
  return math.max(now, due)
end

local function result(status, more)
  local shown = streak_of(member, channel, now)
  local earned = (status == 'saved' or status == 'late') and shown.earned_freeze
  local found = {status = status, round = id, replies = tonumber(round.replies), streak = shown.streak,
    freezes = shown.freezes, points = 0, earned_freeze = earned, worth = worth, message = round.message,
    count_at = count_at()}
  for field, value in pairs(more or {}) do found[field] = value end
  return cjson.encode(found)
end

local function is_newer(one, other)
  return one.at > other.at or one.at == other.at and one.id > other.id
end

-- The round points of a member for a date on the team's boards: those of one round, the best.
local function best_elsewhere()
  local best = 0
  for _, other in ipairs(redis.call('HKEYS', key('streaks', member))) do
    local given = other ~= channel and redis.call('HGET', key('answers', other .. ':' .. day), member)
    if given then best = math.max(best, cjson.decode(given).points) end
  end
  return best
end

-- Points for this answer: none for a question that earned them a short while ago in another round.
local function worth_of(base, had)
  if base == 0 then return 0 end
  local elsewhere = had.earner ~= '-' and had.earner ~= id
  if elsewhere and math.abs(day - had.day) * DAY < RULES.earns_again_after then return 0 end
  return base
end

-- Put an answer in force, or none; points, streak, boards and counts follow. Returns what that changes the points by.
local function put(answer)
  local old, had = before and before.points or 0, read_had(member, round.question)
  local new = answer and worth_of(answer.base, had) or 0
  if new > 0 then
    had.day, had.earner = day, id
  elseif had.earner == id then
    had.day, had.earner = 0, '-'
  end
  if answer and not before then
    had.times = had.times + 1
    if had.last ~= id then had.before, had.last = had.last, id end
    count_answered(member, 1)
  elseif before and not answer then
    had.times = had.times - 1
    if had.last == id then had.last, had.before = had.before, '-' end
    count_answered(member, -1)
  end
  write_had(member, round.question, had)
  local others, reached = best_elsewhere(), answer and answer.at or now
  mark_day(member, channel, day, answer and (answer.late and 'l' or 'a') or nil)
  award(member, channel, day, new - old, reached)
  award(member, '', day, math.max(new, others) - math.max(old, others), reached)
  local counted, counts = before ~= nil and not before.late, answer ~= nil and not answer.late
  if counts ~= counted then
    round.replies = redis.call('HINCRBY', key('round', id), 'replies', counts and 1 or -1)
    -- From the reveal on this order is told page by page, so it stays as it is.
    if is_blind and counts then redis.call('ZADD', key('order', id), answer.at, member) end
    if is_blind and counted then redis.call('ZREM', key('order', id), member) end
  end
  if counts ~= counted and redis.call('SISMEMBER', key('regulars', id), member) == 1 then
    round.waiting = redis.call('HINCRBY', key('round', id), 'waiting', counts and -1 or 1)
  end
  if answer then
    answer.points, answer.graded = new, answer.graded or before and before.graded
    answer.gained = new - old ~= new and new - old or nil
    redis.call('HSET', answers, member, cjson.encode(answer))
    redis.call('HSET', key('member', member), 'name', name)
    redis.call('ZADD', key('practised', member), now, round.question)
    if round.state == 'scheduled' then count_as_asked({channel = channel, day = day, opened = round.opened,
      question = round.question}) end
  else
    redis.call('HDEL', answers, member)
  end
  -- What is not in the pages of the reveal has a message of its own in the thread, which says it, or is taken away.
  local was_told = redis.call('ZSCORE', key('order', id), member) and not (before and before.late)
  if not is_blind and (not was_told or answer and answer.late) then
    redis.call('ZADD', key('late', id), 'NX', answer and answer.at or now, member)
  end
  return new - old
end

-- The moment from which the round may be revealed, if it has what it waits for, or the thread lacks something.
local function reveal_at()
  if not is_blind then return redis.call('ZSCORE', key('late', id), member) and now or nil end
  local replies, least = tonumber(round.replies), tonumber(round.min_replies)
  local all = round.regulars ~= '1' or tonumber(round.waiting) == 0
  if round.regulars == '0' or replies < least or not all then return nil end
  return math.max(now, tonumber(round.reveal_from))
end

-- Before the reveal ------------------------------------------------------------------------------------------------

-- What is known of a member's acts: the newest in a form or by command, and each message in the thread by its id:
-- {c = created, f = first moment it could count, a = newest moment, t = text, g = gone at, w = worth}; and the newest
-- answer or withdrawal after the reveal, which holds while nothing in time does: {at, id, t, w, graded}.
local function read_acts()
  local stored_acts = redis.call('HGET', acts, member)
  local known = stored_acts and cjson.decode(stored_acts) or {}
  known.m = known.m or {}
  if not known.b and before and not before.late and not before.source then
    known.b = {at = before.at, id = before.id, t = before.text, w = before.base > 0 and 1 or 0}
  end
  if before and before.late then
    known.late = {at = before.at, id = before.id, t = before.text, w = before.base > 0 and 1 or 0, graded = before.graded}
  end
  return known
end

local ORDER = {created = 1, first = 2, edit = 3, gone = 4}

local function events_of(known)
  local events = {}
  for id_of_message, one in pairs(known.m) do
    if not known.b or one.c >= known.b.at then
      for what, moment in pairs({created = one.c, first = one.f, edit = one.a, gone = one.g}) do
        events[#events + 1] = {at = moment, what = what, message = id_of_message}
      end
    end
  end
  table.sort(events, function(one, other)
    if one.at ~= other.at then return one.at < other.at end
    if one.what ~= other.what then return ORDER[one.what] < ORDER[other.what] end
    return one.message < other.message
  end)
  return events
end

-- The answer that all acts come to, in the order of their moments.
local function come_to(known)
  local have, talk = nil, {}
  if known.b and known.b.t then have = {at = known.b.at, id = known.b.id, text = known.b.t, w = known.b.w} end
  for _, event in ipairs(events_of(known)) do
    local mine, one = have and have.source == event.message, known.m[event.message]
    if event.what == 'created' then
      talk[event.message] = have ~= nil
    elseif event.what == 'gone' then
      if mine then have = nil end
    elseif not (one.g and event.at > one.g) and (mine or not have and not talk[event.message]) then
      have = {at = event.at, id = '', text = one.t, source = event.message, w = one.w}
    end
  end
  return have
end

-- Take an act into what is known. False when it says nothing new.
local function learn(known)
  if kind == 'answer' or kind == 'withdraw' then
    if known.b and not is_newer(act, known.b) then return false end
    known.b = {at = at, id = act.id, t = kind == 'answer' and text or nil, w = worth}
    for one, of in pairs(known.m) do
      if of.c < at then known.m[one] = nil end
    end
    return true
  end
  local one = known.m[reply] or {c = created, g = gone_at}
  if known.b and one.c < known.b.at then return false end
  known.m[reply] = one
  if kind == 'gone' then
    one.g, one.t = at, nil
    return true
  end
  one.f = math.min(one.f or at, at)
  if one.g then return true end
  if not one.a or at > one.a then one.a, one.t, one.w = at, text, worth end
  return true
end

-- An answer in force says all there is to know of an act in a form or by command, before the reveal and after it.
local function keep(known, in_force)
  local messages, early, late = next(known.m) and known.m or nil, known.b, known.late
  if in_force and in_force.late then
    late = nil
  elseif early and early.t and not messages then
    early = nil
  end
  if messages or early or late then
    redis.call('HSET', acts, member, cjson.encode({b = early, m = messages, late = late}))
  else
    redis.call('HDEL', acts, member)
  end
end

-- The late answer that a member's acts come to, with what became of it.
local function late_answer(known, status)
  local late = known.late
  if not late or not late.t then return nil end
  local read = tonumber(redis.call('HGET', key('read', id), member) or '')
  return {text = late.t, at = late.at, id = late.id, late = true, read = read and read <= late.at or nil,
    base = late.w == 0 and 0 or RULES.late, status = status, graded = late.graded}
end

local MOST_MESSAGES = 50

local function count_of(map)
  local count = 0
  for _ in pairs(map) do count = count + 1 end
  return count
end

local function is_same_act(one, other)
  return one ~= nil and other ~= nil and one.at == other.at and one.id == other.id and one.source == other.source
end

-- What the member is told of an answer that was given, given what was in force before it and is now.
local function status_of(was, have)
  local mine = have and (reply ~= '' and have.source == reply or reply == '' and is_same_act(have, act))
  if not mine then return reply ~= '' and 'talk' or 'older' end
  if not was then return 'saved' end
  if is_same_act(was, have) then return was.status end
  return was.text == have.text and was.source == have.source and 'same' or 'replaced'
end

local function taken_back(was, have)
  if have then return result('older') end
  if was then
    redis.call('SET', key('withdrawn', id, member), was.text, 'PX', RULES.kept_withdrawn)
    return result('withdrawn', {text = was.text, untick = kind == 'withdraw' and was.source or nil,
      reveal_at = reveal_at()})
  end
  -- The first reply may have been lost, and with it the text.
  local kept = redis.call('GET', key('withdrawn', id, member))
  return result(kept and 'withdrawn' or 'nothing', {text = kept or nil, reveal_at = reveal_at()})
end

local function act_in_time()
  local was, known = before and not before.late and before or nil, read_acts()
  if reply ~= '' then
    if not known.m[reply] and count_of(known.m) >= MOST_MESSAGES then return result('talk') end
    redis.call('SET', key('reply', channel, reply), id .. ' ' .. member, 'PX', RULES.kept_message)
  end
  local learned, have = learn(known), come_to(known)
  local status, gained = status_of(was, have), nil
  local in_force = have or was and late_answer(known, 'late') or not was and before or nil
  if have and not is_same_act(was, have) then
    gained = put({text = have.text, at = have.at, id = have.id, late = false, source = have.source,
      base = have.w == 0 and 0 or RULES.in_time, status = status})
  elseif was and not have then
    put(in_force)
  end
  -- Behind what takes room: a server without room refuses a script only before its first change.
  if learned then keep(known, in_force) end
  if kind == 'withdraw' or kind == 'gone' then return taken_back(was, have) end
  local told_before = is_same_act(was, have) and (was.gained or was.points) or 0
  local more = {points = gained or told_before, reveal_at = reveal_at()}
  if status == 'talk' or status == 'older' then more.points = 0 end
  if was and was.source and (not have or have.source ~= was.source) then more.untick = was.source end
  if have and have.source == reply and reply ~= '' then more.tick = reply end
  return result(status, more)
end

-- After the reveal -------------------------------------------------------------------------------------------------

local function act_late()
  if reply ~= '' then return cjson.encode({status = 'none'}) end
  local known, gives = read_acts(), kind == 'answer'
  local late, stands = known.late, before and not before.late
  if gives and before and before.id == act.id and before.at == at then
    -- It may not have been queued yet.
    return result(before.status, {points = before.gained or before.points, reveal_at = now})
  end
  local is_new = not late or is_newer(act, late)
  if is_new then
    known.late = {at = at, id = act.id, t = gives and text or nil, w = worth, graded = late and late.graded}
  end
  if stands then
    if is_new then keep(known, before) end
    return result(gives and 'kept' or 'revealed')
  end
  if not is_new then return (gives or before) and result('older') or taken_back(nil) end
  local status = before and 'late_replaced' or 'late'
  local answer = late_answer(known, status)
  local gained = (answer or before) and put(answer)
  keep(known, answer)
  if not gives then return taken_back(before) end
  return result(status, {points = gained, reveal_at = now})
end

-- After the end of the round an answer can bring one day back that ended a streak.
local function bring_back()
  if before and before.status == 'restored' and before.id == act.id then return result('restored') end
  local state = settle(member, channel)
  local last = bring_back_until(member, channel, state, away_ranges(member), open_day(channel))
  if kind ~= 'answer' or state.lost_day ~= day or at > last then
    return cjson.encode({status = reply ~= '' and 'none' or 'over'})
  end
  revive(state, 1)
  state.restored = day
  write_streak(member, channel, state)
  write_ledger(member, channel, read_ledger(member, channel) .. string.format('%05d', day) .. 'r')
  redis.call('HSET', answers, member, cjson.encode({text = text, at = at, id = act.id, late = true, base = 0,
    points = 0, status = 'restored'}))
  redis.call('HSET', key('member', member), 'name', name)
  if redis.call('PTTL', answers) < 0 then redis.call('PEXPIRE', answers, RULES.kept_round) end
  return result('restored')
end

if kind == 'answer' or kind == 'reply' then
  local refused = is_pasted(plain, round.plain) and 'pasted'
    or is_copied(plain, round.reference_plain or '') and 'copied'
  -- Who has answered, and everybody after the reveal, may quote in the thread.
  local talks = kind == 'reply' and (not in_time or before and before.source ~= reply)
  if refused then return cjson.encode({status = talks and 'talk' or refused}) end
end
if in_time then return act_in_time() end
if round.state == 'closed' then return bring_back() end
return act_late()
