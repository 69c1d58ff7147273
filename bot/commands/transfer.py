"""The team's own questions as files: what an admin takes out of llmq, and brings into it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha1
from typing import cast

from bot.commands.drawing import drawn, will_be_drawn
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.catalogue import Entry, write_entry
from bot.game.exports import EXPORT_FORMS, ExportForm
from bot.game.imports import Brought, joined, prompt_hash, read_questions
from bot.game.reminders import Note
from bot.game.rules import TAKEN_UP_AFTER
from bot.game.suggestions import Suggestion
from bot.messages import TEXT, Button, Buttons, Footnote, Form, Input, Markdown, Reply, say
from bot.store.keys import member_turn
from bot.store.store import Store
from bot.text import clean
from content.deck import Fault, Question
from content.names import TEAM_DECK

NONE_YET = "This team has no questions of its own yet."
IMPORTING = "import"
NONE_FOUND = "No question was found. Write each as a heading (`## What is …?`) with its answer below."
ABOUT = "Markdown, a numbered list, CSV or Anki's text, as `questions export` writes them."
AGAIN = Button("Go on writing", "questions import", primary=True)
MOST_FAULTS = 5


async def export(game: Game, call: Call) -> Reply:
    """Have the team's own questions sent to an admin, as a file where the platform can."""
    team, member = call.request.channel.team, call.request.member.id
    if not (await game.store.own.shelf(team))[1]:
        raise Refusal(NONE_YET, Button("Add one", "questions add"))
    form = cast(ExportForm, call.words.get("form", EXPORT_FORMS[0]))
    turn = member_turn(team, member)
    # What dies behind the note is still taken up.
    await game.store.due.enqueue(turn, call.now + TAKEN_UP_AFTER)
    await game.store.notes.add(team, member, Note("questions", form=form), call.now, call.request.id)
    await game.store.due.enqueue(turn, call.now)
    game.wake()
    return say(Markdown("**The team's questions come as a private message.**"))


async def import_(game: Game, call: Call) -> Reply:
    """Ask for questions in a form, or take those that stand in it into the team's deck: all, or none."""
    team, member = call.request.channel.team, call.request.member
    kept = game.store.suggestions
    if call.request.body is None:
        draft = await kept.draft(team, member.id)
        pasted = draft.answer if draft and draft.id == IMPORTING else ""
        return Form(
            "Import questions", ABOUT, "questions import", (Input(TEXT, "Questions", "text", pasted),)
        )
    pasted = clean(call.request.body)
    draft = Suggestion(member.id, member.name, "", pasted, "", "", "", id=IMPORTING)
    await kept.save_draft(team, draft, *call.moment)
    read = read_questions(pasted)
    if read.faults:
        raise Refusal(faults_of(read.faults), AGAIN)
    if not read.questions:
        raise Refusal(NONE_FOUND, AGAIN)
    items = game.catalogue.items.values()
    elsewhere = frozenset(item.prompt_hash for item in items if item.deck != TEAM_DECK)
    await will_be_drawn(game, call)
    brought = await bring_in(game.store, team, read.questions, elsewhere, *call.moment)
    await drawn(game, call)
    await kept.drop_draft(team, member.id, *call.moment)
    rest = " ".join(brought.rest())
    show = Buttons((Button("Show", f"questions list {TEAM_DECK}"),))
    return say(Markdown(f"**{brought.first}**"), *((Footnote(rest),) if rest else ()), show)


def faults_of(faults: Sequence[Fault]) -> str:
    """What is to be fixed, by its line."""
    lines = [f"- line {one.line}: {one.problem}; {one.fix}" for one in faults[:MOST_FAULTS]]
    more = [f"- and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
    return "\n".join(("Nothing was imported. Fix these first:\n", *lines, *more))


async def bring_in(
    store: Store,
    team: str,
    questions: Sequence[Question],
    elsewhere: Collection[str],
    at: datetime,
    request: str = "",
) -> Brought:
    """Take questions into a team's deck; what dies in the middle is begun again.

    `elsewhere` are the hashes of the prompts that other decks have: from those they are asked.
    """
    _, shelf = await store.own.shelf(team)
    found, own = defaultdict[str, list[str]](list), list[Question]()
    for question in joined(shelf, questions):
        if prompt_hash(question) in elsewhere:
            found["elsewhere"].append(question.id)
        else:
            own.append(question)
    # Together, so that a hundred questions are a few round trips.
    outcomes = await asyncio.gather(*(put(store, team, question, at, request) for question in own))
    for question, outcome in zip(own, outcomes, strict=True):
        found[outcome].append(question.id)
    return Brought(**{outcome: tuple(ids) for outcome, ids in found.items()})


async def put(store: Store, team: str, question: Question, at: datetime, request: str) -> str:
    """Take one question in, or a new version of it; what became of it, as `Brought` names it."""
    before, stored = await store.own.get(team, question.id)
    if before and before.question == question:
        return "same"
    after = replace(before, question=question, version=before.version + 1) if before else Entry(question)
    match await store.own.put(team, question.id, stored, after, at, request, mark_of(after)):
        case "kept":
            return "changed" if before else "added"
        case "changed":
            return "overtaken"
        case "kept_back":
            return "kept_back"
        case "full":
            return "no_room"


def mark_of(entry: Entry) -> str:
    """What a question is known by when it is brought in again: its id may be another's by then."""
    words = write_entry(replace(entry, question=replace(entry.question, id="")))
    return f"added:{sha1(words.encode(), usedforsecurity=False).hexdigest()[:16]}"
