"""The questions that can be asked in a team: found by everyone, and kept by its admins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.commands.drawing import drawn, will_be_drawn
from bot.commands.parsing import Call, Game
from bot.commands.practice import about_of, none_found
from bot.commands.question_form import question_form, refusal_of, similar_to, written_in
from bot.errors import Refusal
from bot.game import suggestions
from bot.game.catalogue import Catalogue, Entry, Item
from bot.game.posts import reference_blocks
from bot.game.rounds import reference_of
from bot.game.rules import MOST_OWN_QUESTIONS
from bot.game.suggestions import Suggestion, question_of, troubles_of
from bot.messages import (
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Heading,
    Markdown,
    Message,
    Reply,
    moment,
    say,
)
from bot.wording import as_code, counted
from content.deck import Question
from content.names import TEAM_DECK, free_id

PAGE = 10
MOST_SHOWN_VERSIONS = 3
WAITS = "Its answer waits for the reveal."
SOON = "It comes soon in a channel, so its answer is kept back."
AHEAD = "That question comes soon, so its answer is kept back. Change it after its reveal, or retire it here."
OPEN = "That question is open now. Change it after its reveal."
CHANGED = "Somebody changed that question at the same moment. Look at it again."
FULL = f"The team's own deck is full: it holds {MOST_OWN_QUESTIONS} questions."
# A form that was refused is gone on with, and how it is told from another by what it was about.
ADDING = "add"


# Finding


async def list_(game: Game, call: Call) -> Reply:
    """The questions that can be asked, or those that are found, some at a time."""
    about, level, page = about_of(call), call.words.get("level", ""), int(call.words.get("page", 1))
    found = list(game.catalogue.matching(about, level))
    if not found:
        raise none_found(game, about, level)
    retired = await game.store.own.retired(call.request.channel.team)
    first = min((page - 1) * PAGE, (len(found) - 1) // PAGE * PAGE)
    return replace(say(*list_blocks(found, first, about, level, retired)), edits="page" in call.words)


def list_blocks(
    found: list[Item], first: int, about: str, level: str, retired: frozenset[str]
) -> Iterator[Block]:
    yield Heading(counted(len(found), "question"))
    yield Markdown("\n".join(line_of(item, retired) for item in found[first : first + PAGE]))
    page = first // PAGE + 1
    words = " ".join(filter(None, (f'"{about}"' if " " in about else about, level)))
    buttons = (
        *((Button("Back", f"questions list {words} page {page - 1}"),) if page > 1 else ()),
        *((Button("More", f"questions list {words} page {page + 1}"),) if first + PAGE < len(found) else ()),
    )
    if buttons:
        yield Buttons(buttons)
    if not words:
        yield Footnote("A topic, a deck or any word finds fewer: /llmq questions list rag")


def line_of(item: Item, retired: frozenset[str]) -> str:
    asked = " · not asked here" if item.id in retired else ""
    return f"- {item.question.prompt} · `{item.id}`{asked}"


def named(game: Game, call: Call) -> Item:
    """The question that an id names, with its deck or without."""
    typed = call.words["question"]
    found = [item for id, item in game.catalogue.items.items() if typed in (id, id.partition("/")[2])]
    if len(found) == 1:
        return found[0]
    find = Button("Search", f"questions list {typed}"[:60])
    raise Refusal(
        f"No question has the id {as_code(typed)}. Search for it: `/llmq questions list WORDS`.", find
    )


# Showing


async def show(game: Game, call: Call) -> Reply:
    """One question whole, as it is or as it was in an earlier version."""
    item, team = named(game, call), call.request.channel.team
    earlier = await game.store.own.versions(team, own_id(item)) if item.deck == TEAM_DECK else []
    number = int(call.words.get("version", item.version))
    kept = {entry.version: (until, entry.question) for until, entry in earlier}
    if number != item.version and number not in kept:
        raise Refusal(f"Version {number} of that question is not kept.")
    until, question = kept.get(number, (None, item.question))
    retired = item.id in await game.store.own.retired(team)
    shown = replace(item, question=question, version=number)
    hidden = await why_hidden(game, team, item)
    blocks = show_blocks(game.catalogue, shown, until, retired=retired, hidden=hidden)
    versions = [item.version, *kept]
    return replace(say(*blocks, *version_buttons(item, versions, number)), edits="version" in call.words)


def own_id(item: Item) -> str:
    return item.id.partition("/")[2]


async def why_hidden(game: Game, team: str, item: Item) -> str:
    """Why the answer of a question is not shown to anybody now; nothing where it is."""
    if await game.store.own.is_open(team, item):
        return WAITS
    return SOON if await game.store.own.is_ahead(team, item) else ""


def show_blocks(
    catalogue: Catalogue, item: Item, until: datetime | None, *, retired: bool, hidden: str
) -> Iterator[Block]:
    yield Markdown(f"**{item.question.prompt}**")
    yield Fields(tuple(fields_of(catalogue, item, until, retired=retired)))
    if hidden:
        yield Footnote(hidden)
    else:
        yield from reference_blocks(reference_of(item))
    if until:
        return
    own = (Button("Edit", f"questions edit {item.id}"),) if item.deck == TEAM_DECK else ()
    switch = Button("Ask it again", f"questions restore {item.id}")
    yield Buttons((*own, switch if retired else Button("Retire", f"questions retire {item.id}")))


def fields_of(
    catalogue: Catalogue, item: Item, until: datetime | None, *, retired: bool
) -> Iterator[tuple[str, str]]:
    yield "Id", item.id
    yield "Deck", catalogue.titles[item.deck]
    yield "Topic", item.label
    yield "Version", f"{item.version}, until {moment(until, None, 'day')}" if until else str(item.version)
    if retired:
        yield "Asked", "not in this team"


def version_buttons(item: Item, versions: list[int], shown: int) -> Iterator[Block]:
    others = [number for number in versions if number != shown][:MOST_SHOWN_VERSIONS]
    if others:
        buttons = (Button(f"Version {number}", f"questions show {item.id} {number}") for number in others)
        yield Buttons(tuple(buttons))


# Keeping


async def add(game: Game, call: Call) -> Reply:
    """Ask for a question in a form, or put what stands in it into the team's deck."""
    team, member = call.request.channel.team, call.request.member
    if call.request.body is None:
        draft = await draft_for(game, call, ADDING)
        return question_form(draft, "questions add", "Add a question")
    written = await kept_draft(game, call, ADDING)
    again = Button("Go on writing", "questions add", primary=True)
    if wrong := list(troubles_of(question_of(written))):
        raise refusal_of(wrong, again)
    id = await added(game, call, written, again)
    await game.store.suggestions.drop_draft(team, member.id, *call.moment)
    return say(*added_blocks(question_of(written, id), similar_to(game.catalogue, written)))


async def added(game: Game, call: Call, written: Suggestion, again: Button) -> str:
    """Put a new question into the team's deck; its id there, which it has already when it is sent twice."""
    team, question = call.request.channel.team, question_of(written)
    _, shelf = await game.store.own.shelf(team)
    same = (id for id, entry in shelf.items() if replace(entry.question, id="") == question)
    if there := next(same, ""):
        return there
    asks = Item("", "", question).prompt_hash
    for item in game.catalogue.items.values():
        if item.prompt_hash == asks:
            raise Refusal(f"There is this question already: {as_code(item.id)}.", again)
    id = free_id(suggestions.as_typed(question.prompt), set(shelf), Counter())
    entry = Entry(replace(question, id=id))
    await will_be_drawn(game, call)
    match await game.store.own.put(team, id, "", entry, *call.moment, mark=mark_of(written)):
        case "kept":
            await drawn(game, call)
            return id
        case "full":
            raise Refusal(FULL, again)
        case "changed" | "kept_back":
            raise Refusal(CHANGED, again)


def mark_of(written: Suggestion) -> str:
    """What a question that an admin adds is known by when it is sent again."""
    texts = (written.prompt, written.answer, written.points, written.source, written.topic)
    return f"added:{suggestions.id_for(written.member, *texts)}"


def added_blocks(question: Question, similar: list[Item]) -> Iterator[Block]:
    yield Markdown(f"**It can be asked now:** {question.prompt}")
    yield Buttons((Button("Show", f"questions show {TEAM_DECK}/{question.id}"),))
    others = [item for item in similar if own_id(item) != question.id]
    if others:
        yield Markdown(
            "There is something like it:\n\n" + "\n".join(line_of(one, frozenset()) for one in others)
        )


async def draft_for(game: Game, call: Call, about: str) -> Suggestion | None:
    """What was written in this form before, and refused."""
    request = call.request
    draft = await game.store.suggestions.draft(request.channel.team, request.member.id)
    return draft if draft and draft.id == about else None


async def kept_draft(game: Game, call: Call, about: str) -> Suggestion:
    """What stands in the form, kept for when it is refused."""
    written = replace(written_in(game, call), id=about)
    await game.store.suggestions.save_draft(call.request.channel.team, written, *call.moment)
    return written


async def edit(game: Game, call: Call) -> Reply:
    """Ask for a new version of one of the team's questions in a form, or keep what stands in it."""
    item, team = named(game, call), call.request.channel.team
    entry, stored = await own_entry(game, team, item)
    written = await kept_draft(game, call, item.id) if call.request.body is not None else None
    await check_shown(game, team, item)
    if written is None:
        draft = await draft_for(game, call, item.id) or suggestions.written_in(entry.question)
        return question_form(
            draft, f"questions edit {item.id}", "Change a question", "As it is asked from now on."
        )
    after = suggestions.changed(entry.question, written)
    if wrong := list(troubles_of(after)):
        raise refusal_of(wrong, Button("Go on writing", f"questions edit {item.id}", primary=True))
    if after != entry.question:
        check_free(game.catalogue, item, after)
        await keep(game, call, item, stored, replace(entry, question=after, version=entry.version + 1))
    await game.store.suggestions.drop_draft(team, call.request.member.id, *call.moment)
    return say(
        Markdown(f"**Changed.** {after.prompt}"),
        Buttons((Button("Show", f"questions show {item.id}"),)),
        Footnote("What was asked before keeps its words."),
    )


async def own_entry(game: Game, team: str, item: Item) -> tuple[Entry, str]:
    """A question of the team's own. Raises a refusal for one of the decks that all teams have."""
    entry, stored = await game.store.own.get(team, own_id(item)) if item.deck == TEAM_DECK else (None, "")
    if entry is None:
        retire_it = Button("Retire here", f"questions retire {item.id}")
        raise Refusal(
            "That question comes with llmq and cannot be changed. It can be retired here.", retire_it
        )
    return entry, stored


async def check_shown(game: Game, team: str, item: Item) -> None:
    """Raises a refusal for a question whose answer nobody sees now: its form would show it."""
    if await game.store.own.is_open(team, item):
        raise Refusal(OPEN)
    if await game.store.own.is_ahead(team, item):
        raise Refusal(AHEAD, Button("Retire here", f"questions retire {item.id}"))


def check_free(catalogue: Catalogue, item: Item, after: Question) -> None:
    """Raises a refusal where another question asks the same by now: of two only one is asked."""
    there = catalogue.item_of(replace(item, question=after).prompt_hash)
    if there and there.id != item.id:
        again = Button("Go on writing", f"questions edit {item.id}", primary=True)
        raise Refusal(f"There is this question already: {as_code(there.id)}.", again)


async def keep(game: Game, call: Call, item: Item, before: str, after: Entry) -> None:
    await will_be_drawn(game, call)
    match await game.store.own.put(call.request.channel.team, own_id(item), before, after, *call.moment):
        case "kept":
            await drawn(game, call)
        case "kept_back":
            raise Refusal(AHEAD, Button("Retire here", f"questions retire {item.id}"))
        case _:
            raise Refusal(CHANGED, Button("Show", f"questions show {item.id}"))


async def retire(game: Game, call: Call) -> Reply:
    """Ask a question no more in this team."""
    item = named(game, call)
    await game.store.own.retire(call.request.channel.team, item.id, *call.moment)
    return done(
        f"**It is asked no more here:** {item.question.prompt}",
        Button("Ask it again", f"questions restore {item.id}"),
    )


async def restore(game: Game, call: Call) -> Reply:
    """Ask a retired question again."""
    item = named(game, call)
    await game.store.own.restore(call.request.channel.team, item.id, *call.moment)
    return done(
        f"**It is asked again:** {item.question.prompt}", Button("Retire", f"questions retire {item.id}")
    )


def done(words: str, button: Button) -> Message:
    return replace(say(Markdown(words), Buttons((button,))), edits=True)
