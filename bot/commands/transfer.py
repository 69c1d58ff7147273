"""The team's own questions as files: what an admin takes out of llmq, and brings into it."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.exports import EXPORT_FORMS, ExportForm
from bot.game.reminders import Note
from bot.messages import Button, Markdown, Reply, say
from bot.store.keys import member_turn

# Longer than any command takes.
TAKEN_UP_AFTER = timedelta(seconds=10)
NONE_YET = "This team has no questions of its own yet."


async def export(game: Game, call: Call) -> Reply:
    """Have the team's own questions sent to an admin, as a file where the platform can."""
    team, member = call.request.channel.team, call.request.member.id
    if not (await game.store.own.shelf(team))[1]:
        raise Refusal(NONE_YET, Button("Add one", "questions add"))
    form = cast(ExportForm, call.words.get("form", EXPORT_FORMS[0]))
    turn = member_turn(team, member)
    # What dies behind the note is still taken up.
    await game.store.due.enqueue(turn, call.now + TAKEN_UP_AFTER)
    await game.store.notes.add(team, member, Note("questions", form=form), call.now)
    await game.store.due.enqueue(turn, call.now)
    game.wake()
    return say(Markdown("**The team's questions come as a private message.**"))
