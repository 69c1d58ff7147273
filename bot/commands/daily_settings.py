"""What a channel's schedule asks for beside its time: reveal, free dates, ping, recap and goal."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from bot.commands.arguments import read_duration, read_number
from bot.commands.calendars import (
    NO_FILE,
    FreeDates,
    Span,
    calendar_given,
    is_calendar,
    is_name_of_calendar,
    read_calendar,
)
from bot.commands.daily import NONE, save
from bot.commands.daily_status import describe_rule, schedule_of, shown, soon
from bot.commands.dates import EXAMPLES, read_range
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.recap import next_recap
from bot.game.rules import LONGEST_DEADLINE, MIN_REPLIES, SHORTEST_DEADLINE
from bot.game.schedule import (
    WEEKDAYS,
    RevealRule,
    Schedule,
    date_words,
)
from bot.messages import (
    Block,
    Markdown,
    Ping,
    Reply,
    moment,
    say,
)
from bot.requests import MENTION, Attachment
from bot.wording import counted, escape_markdown

ON, OFF = "on", "off"
RECAPS: Mapping[str, Literal["", "friday", "monday"]] = {"friday": "friday", "monday": "monday", OFF: ""}
MOST_GOAL = 10_000
# The id of a group or a role, as a mention of one has it.
GROUP = re.compile("&[A-Za-z0-9]{1,20}")
LONGEST_NAME = 100
NO_PING = (
    "Write `here`, `off`, or one group or role: choose it from the list that opens when you type `@`. "
    "llmq calls neither everyone nor a single person."
)
REGULARS, DEFAULT = "regulars", "default"
MOST_REPLIES = 1000
MOST_FREE = 50
AHEAD = "What repeats in it is free for a year: send it again then."
EITHER = "Give dates or a file, not both. Nothing was changed."
UNREAD = "{count} that {verb} in a way that llmq does not read: name those dates yourself."


async def set_free(game: Game, call: Call) -> Reply:
    """Leave dates out, or with `none` no dates of one's own any more."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    today, words = schedule.local(call.now).date(), call.words["dates"].strip()
    if words.casefold() == NONE and call.request.file is None:
        after = await save(game, call, state, replace(schedule, free=()))
        return await shown(
            game, call, "Daily question", after, Markdown("**No dates of your own are free.**")
        )
    new = await read_free(words, today, call.request.file)
    after = await save(game, call, state, with_free(schedule, new, today))
    said = " ".join(("**These dates have no question.**", *notes_on(new)))
    return await shown(game, call, "Daily question", after, Markdown(said))


async def read_free(words: str, today: date, file: Attachment | None) -> FreeDates:
    """Dates as they are typed, or those of a calendar. Raises a refusal for what is neither."""
    if file and words != file.name:
        raise Refusal(EITHER)
    calendar = await calendar_given(file) if file else words
    if file or is_calendar(words):
        # What a member sends may take a while, and others play meanwhile.
        return await asyncio.to_thread(read_calendar, calendar, today)
    if is_name_of_calendar(words):
        raise Refusal(NO_FILE)
    return FreeDates(read_dates(words, today))


def notes_on(new: FreeDates) -> Iterator[str]:
    """What is to be known of the events of a calendar that repeat."""
    if new.repeating:
        yield AHEAD
    if new.unread:
        verb = "repeats" if new.unread == 1 else "repeat"
        yield UNREAD.format(count=counted(new.unread, "event"), verb=verb)


def read_dates(words: str, today: date) -> tuple[Span, ...]:
    """Dates and ranges between commas. Raises a refusal for what is none, or over."""
    new = tuple(read_range(part, today) for part in words.split(",") if part.strip())
    if not new:
        raise Refusal(f"Which dates? {EXAMPLES}")
    if past := next((first for first, last in new if last < today), None):
        raise Refusal(f"{date_words(past, today)} is over, so nothing was changed. {EXAMPLES}")
    return new


def with_free(schedule: Schedule, new: FreeDates, today: date) -> Schedule:
    """The schedule with more free dates, and without those that are over.

    Raises a refusal for too many, and for none.
    """
    if not new.spans:
        raise Refusal(" ".join(("That calendar frees no date from today on.", *notes_on(new))))
    kept = [one for one in schedule.free if one[1] >= today]
    free = tuple(sorted({*kept, *new.spans}))
    if len(free) > MOST_FREE:
        raise Refusal(f"{MOST_FREE} ranges of free dates fit. `/llmq daily free none` begins anew.")
    return replace(schedule, free=free)


async def set_ping(game: Game, call: Call) -> Reply:
    """Let the question's post call a group, whoever is here, or nobody."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    ping = read_ping(call.words["who"].strip())
    after = await save(game, call, state, replace(schedule, ping=ping))
    if ping is None:
        return await shown(game, call, "Daily question", after, Markdown("**The question calls nobody.**"))
    whom = escape_markdown(ping.words)
    change = Markdown(f"**The question calls {whom} from the next one on.** Nothing else calls anybody.")
    lacks = await soon(game.platforms[call.request.channel.platform].lacks(call.request.channel, "ping"), ())
    return await shown(game, call, "Daily question", after, change, *map(Markdown, lacks))


def read_ping(word: str) -> Ping | None:
    """Whom to call, or nobody. Raises a refusal for a person, for everyone and for what is nothing."""
    if word.casefold() in (OFF, NONE):
        return None
    if word.casefold().removeprefix("@") == "here":
        return Ping()
    mention = MENTION.fullmatch(word)
    if mention and GROUP.fullmatch(mention["id"]):
        return Ping(mention["id"].removeprefix("&"), (mention["name"] or "").strip()[:LONGEST_NAME])
    raise Refusal(NO_PING)


async def set_pin(game: Game, call: Call) -> Reply:
    """Pin the question as long as it takes answers, or pin none; one that is open already follows at once."""
    channel, wished = call.request.channel, call.words["switch"] == ON
    state = await game.store.channel(channel)
    after = await save(game, call, state, replace(schedule_of(state), pin=wished))
    if wished and state.pin.state in ("refused", "pinning"):
        # What was refused or tried in vain is tried again, and said again.
        again = replace(state.pin, state="pinning", tries=0, again=call.now, told=False)
        await game.store.save_pin(channel, again)
    await game.store.due.enqueue(channel, call.now)
    game.wake()
    if not wished:
        return await shown(game, call, "Daily question", after, Markdown("**No question is pinned.**"))
    lacks = await soon(game.platforms[channel.platform].lacks(channel, "pin"), ())
    change = Markdown("**The question is pinned as long as it takes answers.** Then it is taken down.")
    return await shown(game, call, "Daily question", after, change, *map(Markdown, lacks))


async def set_recap(game: Game, call: Call) -> Reply:
    """Tell the channel of its week on Fridays or on Mondays, or not at all."""
    state = await game.store.channel(call.request.channel)
    schedule, day = schedule_of(state), RECAPS[call.words["day"]]
    # Said again, it goes on as it was.
    since = schedule.recap_since if day == schedule.recap else call.now
    after = await save(game, call, state, replace(schedule, recap=day, recap_since=since))
    return await shown(game, call, "Daily question", after, *recap_words(schedule_of(after), call.now))


def recap_words(schedule: Schedule, now: datetime) -> Iterator[Block]:
    at = next_recap(schedule, now)
    if at is None:
        yield Markdown("**No recap of the week.**")
        return
    day, coming = schedule.recap.capitalize(), moment(at, schedule.tz, "day")
    yield Markdown(f"**The week is told on {day}s.** Next: {coming}.")
    if schedule.recap == "friday" and schedule.days - WEEKDAYS:
        yield Markdown("A week goes from Monday to Sunday: `/llmq daily recap monday` tells weekends, too.")


async def set_goal(game: Game, call: Call) -> Reply:
    """Set how many members should take part in a week, for the recap."""
    state = await game.store.channel(call.request.channel)
    schedule, word = schedule_of(state), call.words["members"].casefold()
    goal = 0 if word in (NONE, OFF) else read_number(word, 1, MOST_GOAL)
    after = await save(game, call, state, replace(schedule, goal=goal))
    words = f"**The goal: {goal} take part each week.**" if goal else "**No goal any more.**"
    hint = "" if schedule.recap else " The recap says how it went: `/llmq daily recap friday`."
    return await shown(game, call, "Daily question", after, Markdown(words + (hint if goal else "")))


async def set_reveal(game: Game, call: Call) -> Reply:
    """Set when rounds are revealed, from the next round on."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    rule = read_rule(call.words, schedule.reveal)
    await save(game, call, state, replace(schedule, reveal=rule))
    return say(Markdown(f"**From the next question on:** revealed {describe_rule(rule)}."))


def read_rule(words: Mapping[str, str], before: RevealRule) -> RevealRule:
    """The rule that a command names; behind `default` spans that it does not name are those of the default.

    Raises a refusal for spans that fit no day.
    """
    enough = words["answers"].casefold()
    before = RevealRule() if enough == DEFAULT else before
    waits = enough in (REGULARS, DEFAULT)
    rule = RevealRule(
        MIN_REPLIES if waits else read_number(enough, 1, MOST_REPLIES),
        read_duration(words["min_wait"]) if "min_wait" in words else before.min_wait,
        read_duration(words["deadline"]) if "deadline" in words else before.deadline,
        waits,
    )
    if rule.min_wait > rule.deadline or not SHORTEST_DEADLINE <= rule.deadline <= LONGEST_DEADLINE:
        raise Refusal("The deadline should be no shorter than the wait, and from `5m` to `24h`.")
    return rule
