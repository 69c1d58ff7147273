"""Suggestions: a member writes a question, an admin takes or declines it, and its author is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.commands.drawing import drawn, will_be_drawn
from bot.commands.parsing import Call, Game
from bot.commands.question_form import question_form, refusal_of, similar_to, written_in
from bot.errors import Refusal
from bot.game.answers import ERASED
from bot.game.catalogue import Catalogue, Item
from bot.game.rules import MOST_SUGGESTIONS, TAKEN_UP_AFTER
from bot.game.suggestions import (
    GENERAL,
    Suggestion,
    as_markdown,
    ids_of,
    lines_of,
    question_of,
    troubles,
)
from bot.messages import (
    TEXT,
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Form,
    Heading,
    Input,
    Markdown,
    Message,
    Quote,
    Reply,
    say,
)
from bot.store.keys import member_turn
from bot.text import clean
from bot.wording import as_code, plain

LONGEST_REASON = 1000
GO_ON = Button("Go on writing", "suggest", primary=True)
NOTHING_TO_SEND = "There is no suggestion of yours to send."
SETTLED = "That suggestion is settled, or was changed."
OTHERS = Button("Others", "suggestions")


async def suggest(game: Game, call: Call) -> Reply:
    """Ask for a question in a form, or keep what stands in it."""
    team, member = call.request.channel.team, call.request.member
    if call.request.body is None:
        draft = await game.store.suggestions.draft(team, member.id)
        return question_form(draft if draft and is_by(member.id, draft) else None, "suggest")
    written = written_in(game, call)
    await game.store.suggestions.save_draft(team, written, *call.moment)
    check(written)
    if similar := similar_to(game.catalogue, written):
        return say(*similar_blocks(written, similar))
    return await sent(game, call, written)


def is_by(member: str, written: Suggestion) -> bool:
    """Whether what was written is the member's suggestion: an admin's may be a question of the team."""
    return written.member == member and written.id.startswith(ids_of(member))


def check(written: Suggestion) -> None:
    """Raises a refusal that says everything that is to be fixed; the text is kept for the form."""
    if found := list(troubles(written)):
        raise refusal_of(found, GO_ON)


def similar_blocks(written: Suggestion, similar: Sequence[Item]) -> Iterator[Block]:
    many = "There is a similar question" if len(similar) == 1 else "There are similar questions"
    yield Markdown(f"**{many}:**\n\n" + "\n".join(f"- {item.question.prompt}" for item in similar))
    change = Button("Change", "suggest", primary=True)
    send = Button("Send anyway", f"suggest send {written.id}")
    yield Buttons((send, change, Button("Discard", "suggest drop")))


async def send(game: Game, call: Call) -> Reply:
    """Send what was written, though there is something like it."""
    team, member, id = call.request.channel.team, call.request.member, call.words["suggestion"]
    written = await game.store.suggestions.draft(team, member.id)
    if written is None or written.id != id:
        # Sent once already, it is only said again.
        written = await game.store.suggestions.get(team, id)
    if written is None or not is_by(member.id, written):
        raise Refusal(NOTHING_TO_SEND, Button("Suggest", "suggest"))
    check(written)
    return replace(await sent(game, call, written), edits=True)


async def sent(game: Game, call: Call, written: Suggestion) -> Message:
    at, request = call.moment
    sending = replace(written, at=at)
    status, waiting = await game.store.suggestions.keep(call.request.channel.team, sending, request)
    match status:
        case "erased":
            raise Refusal(ERASED)
        case "many":
            raise Refusal(f"{MOST_SUGGESTIONS} of yours wait already. You will be told of each.", GO_ON)
        case "full":
            raise Refusal("Many suggestions wait for this team's admins already. Tell one of them.", GO_ON)
        case "kept":
            pass
    return say(
        Markdown("**Thank you.** It is with the reviewers; you will be told."),
        Buttons((Button("Leave my name out", f"suggest nameless {written.id}"),)),
        Footnote(f"{waiting} of {MOST_SUGGESTIONS} open. At its reveal it says that you suggested it."),
    )


async def drop(game: Game, call: Call) -> Reply:
    """Forget what was written."""
    team, member = call.request.channel.team, call.request.member
    await game.store.suggestions.drop_draft(team, member.id, *call.moment)
    return replace(say(Markdown("**Discarded.**")), edits=True)


async def nameless(game: Game, call: Call) -> Reply:
    """Let nothing say who suggested a question."""
    team, member, id = call.request.channel.team, call.request.member.id, call.words["suggestion"]
    kept = game.store.suggestions
    found = await kept.get(team, id)
    if found and found.member == member and await kept.change(team, found, replace(found, named=False)):
        return replace(say(Markdown("**Your name stays out.** The reviewers see it.")), edits=True)
    # It may have been taken already, or a moment ago.
    if not await kept.uncredit(team, id, member):
        raise Refusal(SETTLED)
    return replace(say(Markdown("**Your name stays out** of its reveals from now on.")), edits=True)


# For admins


async def suggestions(game: Game, call: Call) -> Reply:
    """What members suggest, one after another."""
    return await shown(game, call, call.words.get("suggestion", ""))


async def shown(game: Game, call: Call, after: str = "", *, edits: bool = False) -> Message:
    """The suggestion behind another, or the first."""
    kept, team = game.store.suggestions, call.request.channel.team
    waiting = await kept.waiting(team)
    n = (waiting.index(after) + 1) % len(waiting) if after in waiting else 0
    found = await kept.get(team, waiting[n]) if waiting else None
    if found is None:
        return replace(say(Markdown("**None are waiting.**")), edits=edits)
    blocks = suggestion_blocks(game.catalogue, found, n + 1, len(waiting))
    return replace(say(*blocks), edits=edits or bool(after))


def suggestion_blocks(catalogue: Catalogue, one: Suggestion, n: int, count: int) -> Iterator[Block]:
    yield Heading(f"Suggestion {n} of {count}")
    points = "\n".join(f"- {line}" for line in lines_of(one.points))
    yield Quote(one.name, f"{one.prompt}\n\n{one.answer}\n\n{points}")
    yield Fields(tuple(fields_of(catalogue, one)))
    yield Buttons(
        (
            Button("Approve", f"suggestions approve {one.id}", primary=True),
            Button("Edit", f"suggestions edit {one.id}"),
            Button("Decline", f"suggestions decline {one.id}"),
            *((Button("Later", f"suggestions {one.id}"),) if count > 1 else ()),
        )
    )


def fields_of(catalogue: Catalogue, one: Suggestion) -> Iterator[tuple[str, str]]:
    yield "Topic", one.topic or GENERAL
    yield "Source", one.source or "none"
    if not one.named:
        yield "Name", "is left out at the reveal"
    if similar := similar_to(catalogue, one):
        yield "Similar", "; ".join(plain(item.question.prompt) for item in similar)


async def suggestion_named(game: Game, call: Call) -> Suggestion:
    found = await game.store.suggestions.get(call.request.channel.team, call.words["suggestion"])
    if found is None:
        raise Refusal(SETTLED)
    return found


async def approve(game: Game, call: Call) -> Reply:
    """Put a suggestion into the team's own deck."""
    found, team = await suggestion_named(game, call), call.request.channel.team
    if there := game.catalogue.item_of(Item("", "", question_of(found)).prompt_hash):
        raise Refusal(f"There is this question already: {as_code(there.id)}. Edit it or decline it.", OTHERS)
    await will_be_told(game, call, found)
    await will_be_drawn(game, call)
    match await game.store.suggestions.take(team, found, call.now):
        case "full":
            raise Refusal("The team's own deck is full.", OTHERS)
        case "settled":
            raise Refusal(SETTLED, OTHERS)
        case "taken":
            await drawn(game, call)
            prompt = question_of(found).prompt
            return await settled(game, call, found, Markdown(f"**It can be asked now:** {prompt}"))


async def decline(game: Game, call: Call) -> Reply:
    """Give a suggestion back to its author with a word."""
    found, team = await suggestion_named(game, call), call.request.channel.team
    if call.request.body is None:
        asked = Input(TEXT, "What would make it fit?", "text")
        return Form("Decline", as_markdown(found.prompt), f"suggestions decline {found.id}", (asked,))
    reason = clean(call.request.body)[:LONGEST_REASON]
    await will_be_told(game, call, found)
    if not await game.store.suggestions.decline(team, found, reason, call.request.member.id, call.now):
        raise Refusal(SETTLED, OTHERS)
    return await settled(game, call, found, Markdown("**It goes back to its author,** with your words."))


async def will_be_told(game: Game, call: Call, found: Suggestion) -> None:
    """What dies behind the settling is still taken up: the author's turn comes in any case."""
    turn = member_turn(call.request.channel.team, found.member)
    await game.store.due.enqueue(turn, call.now + TAKEN_UP_AFTER)


async def settled(game: Game, call: Call, found: Suggestion, first: Markdown) -> Message:
    """Have the author told, and go on with the next."""
    await game.store.due.enqueue(member_turn(call.request.channel.team, found.member), call.now)
    game.wake()
    rest = await shown(game, call, edits=True)
    return replace(rest, blocks=(first, *rest.blocks))


async def edit(game: Game, call: Call) -> Reply:
    """Change a suggestion in the form that its author had."""
    found = await suggestion_named(game, call)
    if call.request.body is None:
        return question_form(
            found,
            f"suggestions edit {found.id}",
            "Edit a suggestion",
            "It is asked in these words if you approve it.",
        )
    typed = written_in(game, call)
    after = replace(
        found,
        prompt=typed.prompt,
        answer=typed.answer,
        points=typed.points,
        source=typed.source,
        topic=typed.topic,
    )
    if wrong := list(troubles(after)):
        raise refusal_of(wrong, Button("Edit again", f"suggestions edit {found.id}", primary=True))
    if not await game.store.suggestions.change(call.request.channel.team, found, after, *call.moment):
        raise Refusal(SETTLED, OTHERS)
    waiting = await game.store.suggestions.waiting(call.request.channel.team)
    n = waiting.index(found.id) + 1 if found.id in waiting else 1
    blocks = suggestion_blocks(game.catalogue, after, n, len(waiting))
    return replace(say(Markdown("**Changed.**"), *blocks), edits=True)
