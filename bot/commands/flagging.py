"""Flags: a member says what is amiss with a question, an admin settles it, the member is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.commands.learning import BLIND, PRACTISE, item_named
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.flags import REASONS, Flag, Outcome, Reason
from bot.game.rounds import Round
from bot.game.rules import TAKEN_UP_AFTER
from bot.messages import (
    TEXT,
    Block,
    Button,
    Buttons,
    Fields,
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

LONGEST_WORDS = 1000
NONE_HERE = "No revealed question is here to flag."
SETTLED = "That flag is settled."


async def flag(game: Game, call: Call) -> Reply:
    """Ask what is amiss with a question, or keep what a member says of it."""
    question, prompt, target = await meant(game, call)
    request = call.request
    if request.body is None:
        return flag_form(prompt, target)
    text = clean(request.body)[:LONGEST_WORDS]
    reason = reason_named(request.inputs.get("reason", Reason.ERROR))
    at = request.at or call.now
    kept = Flag(question, prompt, request.member.id, request.member.name, reason, text, at)
    if not await game.store.flags.keep(request.channel.team, kept):
        raise Refusal("Many flags wait for this team's admins already. Tell one of them directly.")
    return say(Markdown("**Flagged, thank you.** You will be told the outcome."))


def reason_named(word: str) -> Reason:
    """A reason by its word. Raises a refusal for one that no form of ours offers."""
    if word not in REASONS:
        raise Refusal("There is no such reason. Open the form again and choose one.", field="reason")
    return Reason(word)


def flag_form(prompt: str, target: str) -> Form:
    reasons = tuple((reason.value, words) for reason, words in REASONS.items())
    return Form(
        "Flag this question",
        prompt,
        f"flag {target}",
        (
            Input("reason", "This question", "choice", Reason.ERROR, reasons),
            Input(TEXT, "What did you notice?", "text", optional=True),
        ),
    )


async def meant(game: Game, call: Call) -> tuple[str, str, str]:
    """Id and prompt of the question that is meant, which is not blind, and how a form names it."""
    target, request = call.words.get("target", ""), call.request
    if target and not target.startswith("@"):
        item = item_named(game, target)
        if await game.store.is_blind(request.channel.team, item):
            raise Refusal(BLIND, PRACTISE)
        return item.id, item.question.prompt, item.id
    seen = await game.store.today(request.channel, request.member, call.now, target.removeprefix("@"))
    round: Round | None = seen.round
    if round is None or round.is_blind:
        raise Refusal(NONE_HERE, PRACTISE)
    return round.question, round.prompt, f"@{round.id}"


async def flags(game: Game, call: Call) -> Reply:
    """The flags that wait, one after another."""
    return await shown(game, call, call.words.get("flag", ""))


async def shown(game: Game, call: Call, after: str = "", *, edits: bool = False) -> Message:
    """The flag behind another, or the first."""
    team = call.request.channel.team
    waiting = await game.store.flags.waiting(team)
    n = (waiting.index(after) + 1) % len(waiting) if after in waiting else 0
    found = await game.store.flags.get(team, waiting[n]) if waiting else None
    if found is None:
        return replace(say(Markdown("**No flags are waiting.**")), edits=edits)
    return replace(say(*flag_blocks(found, n + 1, len(waiting))), edits=edits or bool(after))


def flag_blocks(flag: Flag, n: int, count: int) -> Iterator[Block]:
    yield Heading(f"Flag {n} of {count}")
    yield Markdown(f"**{flag.prompt}**")
    yield Fields((("Reason", REASONS[flag.reason]), ("From", flag.name), ("Question", flag.question)))
    if flag.text:
        yield Quote(flag.name, flag.text)
    buttons = (
        Button("Keep", f"flags keep {flag.id}"),
        Button("Retire here", f"flags retire {flag.id}"),
        Button("Reply", f"flags reply {flag.id}"),
    )
    more = (Button("Next", f"flags {flag.id}"),) if count > 1 else ()
    yield Buttons((*buttons, *more))


async def keep(game: Game, call: Call) -> Reply:
    """The question stays as it is."""
    return await settled(game, call, "kept", "")


async def retire(game: Game, call: Call) -> Reply:
    """The team asks the question no more."""
    return await settled(game, call, "retired", "")


async def reply(game: Game, call: Call) -> Reply:
    """Settle a flag with a word to its author."""
    found = await flag_named(game, call)
    if call.request.body is None:
        outcomes = (("kept", "Keep the question"), ("retired", "Ask it no more here"))
        inputs = (
            Input("outcome", "What becomes of it", "choice", "kept", outcomes),
            Input(TEXT, f"To {found.name}"[:45], "text"),
        )
        return Form("Reply to a flag", found.prompt, f"flags reply {found.id}", inputs)
    outcome: Outcome = "retired" if call.request.inputs.get("outcome") == "retired" else "kept"
    return await settled(game, call, outcome, clean(call.request.body)[:LONGEST_WORDS])


async def flag_named(game: Game, call: Call) -> Flag:
    found = await game.store.flags.get(call.request.channel.team, call.words["flag"])
    if found is None:
        raise Refusal(SETTLED, Button("Others", "flags"))
    return found


async def settled(game: Game, call: Call, outcome: Outcome, words: str) -> Reply:
    """Settle a flag and go on with the next."""
    found, team = await flag_named(game, call), call.request.channel.team
    turn = member_turn(team, found.member)
    # What dies behind it is still taken up, since a flag is settled once.
    await game.store.due.enqueue(turn, call.now + TAKEN_UP_AFTER)
    if not await game.store.flags.settle(team, found, outcome, words, call.request.member.id, call.now):
        raise Refusal(SETTLED, Button("Others", "flags"))
    await game.store.due.enqueue(turn, call.now)
    game.wake()
    rest = await shown(game, call, edits=True)
    return replace(rest, blocks=(*outcome_blocks(found, outcome), *rest.blocks))


def outcome_blocks(flag: Flag, outcome: Outcome) -> Iterator[Block]:
    if outcome == "kept":
        yield Markdown("The question stays. Whoever flagged it is told.")
    else:
        yield Markdown("The question is no longer asked here. Whoever flagged it is told.")
        yield Buttons((Button("Ask it again", f"flags restore {flag.question}"),))


async def restore(game: Game, call: Call) -> Reply:
    """Ask a retired question again."""
    item = item_named(game, call.words["target"])
    await game.store.own.restore(call.request.channel.team, item.id, *call.moment)
    return replace(say(Markdown(f"**It is asked again:** {item.question.prompt}")), edits=True)
