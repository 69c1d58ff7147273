"""A member's streak: the last question days, and the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.commands.parsing import Call, Game
from bot.game.posts import name_of, streak_note
from bot.game.rules import (
    FREEZE_EVERY,
    MOST_FREEZES,
    OPEN_FOR,
    RESTORE_EVERY,
    RESTORE_WITHIN,
)
from bot.messages import (
    Block,
    Fields,
    Footnote,
    Heading,
    Markdown,
    Reply,
    Table,
    in_channel,
    say,
)
from bot.requests import Channel
from bot.store.records import ChannelStreak, Mark, Standing
from bot.wording import counted, in_letters

LEDGER_DAYS = 30
MARK_WORDS: dict[Mark, str] = {
    "a": "answered",
    "l": "late",
    "r": "brought back",
    "f": "freeze used",
    "w": "away",
    "x": "excused",
    "d": "not counted (llmq was down)",
    "m": "no answer",
    "o": "open now",
}


def streak_words(streak: int, best: int) -> str:
    """`5 days, best 12`."""
    return f"{counted(streak, 'day') if streak else 'none now'}, best {best}"


async def note_blocks(game: Game, call: Call) -> tuple[Block, ...]:
    """What the member was not told yet of the streak here."""
    channel, member = call.request.channel, call.request.member
    lapse = await game.store.note(channel, member.id) if channel.id else None
    if lapse is None:
        return ()
    await game.store.noted(channel, lapse)
    return streak_note(channel.id, lapse, call.now).blocks


async def streak(game: Game, call: Call) -> Reply:
    """Why the streak is what it is: the last question days, and the rules."""
    channel, member = call.request.channel, call.request.member
    standing = await game.store.standing(channel, member, call.now, LEDGER_DAYS)
    if not channel.id:
        return say(Heading("Your streaks"), *each_streak(standing), Markdown(STREAK_RULES))
    noted = await note_blocks(game, call)
    here = standing.here
    return say(
        *noted,
        Heading(streak_title(here, channel)),
        *streak_fields(here),
        *ledger_blocks(here),
        Markdown(STREAK_RULES),
        *other_streaks(standing),
    )


def each_streak(standing: Standing) -> Iterator[Block]:
    """The streaks of all channels, where none is at hand."""
    pairs = [(in_channel(one), streak_words(streak, best)) for one, streak, best in standing.others if best]
    yield Fields(tuple(pairs)) if pairs else Markdown("Your first answer in a channel starts a streak there.")


def streak_title(here: ChannelStreak | None, channel: Channel) -> str:
    if here and here.streak:
        return f"{counted(here.streak, 'day')} in {in_channel(channel.id)}"
    return "Your streak"


def streak_fields(here: ChannelStreak | None) -> Iterator[Block]:
    if here and here.best:
        next_freeze = FREEZE_EVERY - here.streak % FREEZE_EVERY
        freezes = (("Freezes", f"{here.freezes} of {MOST_FREEZES}"),) if here.freezes else ()
        yield Fields(
            (("Best", str(here.best)), *freezes, ("Next freeze", f"in {counted(next_freeze, 'day')}"))
        )


def ledger_blocks(here: ChannelStreak | None) -> Iterator[Block]:
    if here is None or not here.ledger:
        yield Markdown("Your first answer starts a streak here.")
        return
    newest_first = here.ledger[-LEDGER_DAYS:][::-1]
    yield Table(("Day", "You"), tuple((name_of(day), MARK_WORDS[mark]) for day, mark in newest_first))


def other_streaks(standing: Standing) -> Iterator[Block]:
    others = [
        f"{counted(streak, 'day')} in {in_channel(channel)}"
        for channel, streak, _ in standing.others
        if streak
    ]
    if others:
        yield Footnote(f"Also: {', '.join(others)}.")


STREAK_RULES = "\n".join(
    (
        "- A question day is a day with a question here. Only those count.",
        "- The reveal waits for those who usually answer, until the deadline at the latest: "
        "`/llmq daily status`.",
        f"- An answer counts until the next question or for {OPEN_FOR // timedelta(hours=1)} hours.",
        f"- {in_letters(FREEZE_EVERY).capitalize()} days in a row earn a freeze; a day without an answer "
        "uses one.",
        f"- Once in {RESTORE_EVERY.days} days you can bring a day back, within {RESTORE_WITHIN.days} days.",
    )
)
