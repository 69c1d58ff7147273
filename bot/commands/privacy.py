"""What is kept of a member, why, how long, and who sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.reminders import Note
from bot.game.rules import EXPORT_EVERY, KEPT_WITHDRAWN, ON_DISK, TAKEN_UP_AFTER
from bot.messages import Button, Buttons, Heading, Markdown, Reply, moment, say
from bot.store.keys import member_turn
from bot.wording import in_letters

MINUTE = timedelta(minutes=1)
LINES = (
    "**Who you are:** the id and the name that {platform} shows.",
    "**Your answers,** to show them at the reveal and to compare them: {days} days, then their text goes.",
    "**When you answered,** for streaks, points and boards: as long as your team uses llmq.",
    "**How well you knew a question,** so that it comes back: only you see it.",
    "**Your reminders and days away:** until you change them; **what you suggest:** while it is asked.",
    "**Before the reveal** nobody sees your answer; after it, everyone in the channel does.",
    "**The boards** show your name and points; `/llmq boards off` takes you off them.",
    f"**What you erase** is gone at once, **what you take back** within "
    f"{in_letters(KEPT_WITHDRAWN // MINUTE)} minutes; "
    f"the server's disk has it for {in_letters(ON_DISK.days)} days at most.",
    "**Nothing is sold or sent** to anyone else by llmq; whoever runs it can read what is stored.",
    "{judge}",
)
NO_JUDGE = "**Key points** are looked for by llmq itself; your answers are sent nowhere for it."
JUDGE = (
    "**Key points** are looked for by a model at {host}: answers that you compare are sent there, without "
    "your name. `/llmq settings` turns that off."
)


EXPORT = Button("Export", "privacy export")
ERASE_ALL = Button("Erase all", "privacy erase yes", danger=True)
COMING = "**Your data comes as a private message,** as a page and as JSON. Only you see it."
EXPORTED_LATELY = (
    f"Your data was sent to you less than {in_letters(EXPORT_EVERY // MINUTE)} minutes ago. "
    "Look at your private messages."
)
ASK = """**Erase everything about you in this team?** It cannot be undone.

Goes: answers, grades, streaks, points, settings, your name on flags and suggestions.

Stays: nameless counts; questions of yours that the team took; what stands in threads. Your replies there you
can delete."""


async def privacy(game: Game, call: Call) -> Reply:
    """Ten lines, and where to change what can be changed."""
    judge = JUDGE.format(host=game.judge.host) if game.judge else NO_JUDGE
    platform = call.request.channel.platform.capitalize()
    lines = "\n".join(
        f"- {line.format(platform=platform, days=game.store.kept.days, judge=judge)}" for line in LINES
    )
    buttons = (Button("Settings", "settings"), EXPORT, Button("Erase", "privacy erase"))
    return say(Heading("Privacy"), Markdown(lines), Buttons(buttons))


async def export(game: Game, call: Call) -> Reply:
    """Have everything that is held of a member gathered and sent to them alone."""
    request = call.request
    team, member = request.channel.team, request.member.id
    if await game.store.traces.was_exported(team, member):
        raise Refusal(EXPORTED_LATELY)
    turn = member_turn(team, member)
    # What dies behind the note is still taken up.
    await game.store.due.enqueue(turn, call.now + TAKEN_UP_AFTER)
    await game.store.notes.add(team, member, Note("export"), call.now)
    await game.store.traces.keep_exported(team, member)
    await game.store.due.enqueue(turn, call.now)
    game.wake()
    return say(Markdown(COMING))


async def erase(game: Game, call: Call) -> Reply:
    """Ask whether everything is to be erased, or have it erased."""
    if "yes" not in call.words:
        buttons = (Button("Keep my data", "privacy show", primary=True), ERASE_ALL, EXPORT)
        return say(Markdown(ASK), Buttons(buttons))
    request = call.request
    team, member = request.channel.team, request.member.id
    turn = member_turn(team, member)
    # What dies behind the mark is still taken up; what is taken up before it would find nothing to do.
    await game.store.due.enqueue(turn, call.now + TAKEN_UP_AFTER)
    await game.store.traces.begin_erasing(team, member, request.at or call.now)
    await game.store.due.enqueue(turn, call.now)
    game.wake()
    gone = moment(call.now + ON_DISK, None, "day")
    return replace(say(Markdown(f"**Erased.** Copies on disk are gone by {gone}.")), edits=True)
