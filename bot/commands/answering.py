"""The commands around a channel's round: answer, today, reveal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.rounds import PASTED, Round, describe_reveal, reference_blocks, replies_in_words
from bot.game.schedule import describe_duration, describe_moment, from_ms, to_ms
from bot.messages import (
    NOTHING,
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Form,
    Heading,
    Markdown,
    Message,
    Quote,
    Reply,
    say,
)
from bot.store.records import Recorded, Today
from bot.subject import about
from bot.text import checked_answer, is_long_enough
from content.words import plain

NO_ROUND = (
    "No question is open here. `/llmq today` says when the next one comes; "
    "`/llmq random` gives one to practise on."
)
OVER = "This round is closed. Answer the channel's newest question, or practise with `/llmq random`."


def round_of(call: Call) -> str:
    """The round a button names, or nothing for the channel's newest."""
    return call.words.get("round", "").removeprefix("@")


async def answer(game: Game, call: Call) -> Reply:
    """Store an answer, take it back, or open the form for one."""
    typed, body = call.words.get("text", ""), call.request.body
    if body is None and typed.strip().casefold() == "withdraw":
        return await withdraw(game, call)
    if body is None and not typed:
        return await answer_form(game, call)
    request = call.request
    if request.reply_to and not await answers_a_question(game, call, body or ""):
        return NOTHING
    text = checked_answer(typed if body is None else body)
    recorded = await game.store.answer(
        request.channel, request.member, text, plain(text), call.now, round_of(call), request.reply_to or ""
    )
    about(request.channel, recorded.round)
    if request.reply_to and recorded.status == "none":
        return NOTHING
    if recorded.hurry is not None:
        await game.store.due.hurry(request.channel, recorded.hurry)
        game.wake()
    return recorded_message(recorded, to_ms(call.now))


async def answers_a_question(game: Game, call: Call, text: str) -> bool:
    """Whether a reply is to an open question. A long enough one finds that out as it is stored."""
    if is_long_enough(text):
        return True
    request = call.request
    seen = await game.store.today(request.channel, request.member, reply_to=request.reply_to or "")
    return seen.round is not None and seen.round.is_blind


async def answer_form(game: Game, call: Call) -> Reply:
    today = await game.store.today(call.request.channel, call.request.member, round_of(call))
    if today.round is None:
        raise Refusal(NO_ROUND)
    if today.round.state == "closed":
        raise Refusal(OVER)
    own = today.own
    if own and not own.late and not today.round.is_blind:
        raise Refusal(KEPT)
    initial = own.text if own else ""
    return Form("Your answer", today.round.prompt, "In your own words", f"answer @{today.round.id}", initial)


KEPT = "Your answer came in time and has been revealed, so it stays as it is."
REFUSED = {
    "none": NO_ROUND,
    "over": OVER,
    "pasted": PASTED,
    "kept": KEPT,
}


def recorded_message(recorded: Recorded, now: int) -> Message:
    """What the member sees of a stored answer."""
    if recorded.status in REFUSED:
        raise Refusal(REFUSED[recorded.status])
    if recorded.status.startswith("late"):
        return say(Markdown(f"**Your late answer is in.** {earned(recorded)}"), *today_button(recorded))
    first = "Your answer is replaced." if recorded.status == "replaced" else "Your answer is in."
    again = "Nobody sees it before the reveal. Answer again to replace it."
    return say(
        Markdown(f"**{first}** {earned(recorded)}"),
        Buttons((Button("Take it back", f"answer @{recorded.round} withdraw"),)),
        Footnote(f"{replies_in_words(recorded.replies).capitalize()} so far. {again}"),
    )


def today_button(recorded: Recorded) -> Iterator[Block]:
    yield Buttons((Button("See the reference answer", f"today @{recorded.round}"),))


def earned(recorded: Recorded) -> str:
    """Points and streak in one or two sentences."""
    points = f"+{recorded.points} points. " if recorded.points else ""
    streak = f"Your streak: {days(recorded.streak)}."
    freezes = f" Freezes held: {recorded.freezes}." if recorded.freezes else ""
    return f"{points}{streak}{freezes}"


def days(count: int) -> str:
    """`1 round day`, `5 round days`."""
    return f"{count} round day{'' if count == 1 else 's'}"


async def withdraw(game: Game, call: Call) -> Reply:
    """Take an answer back until the reveal; its text is shown so that it is not lost."""
    request = call.request
    withdrawn = await game.store.withdraw(
        request.channel, request.member, request.id, call.now, round_of(call), request.reply_to or ""
    )
    if request.reply_to and withdrawn.status != "withdrawn":
        return NOTHING
    match withdrawn.status:
        case "none":
            raise Refusal(NO_ROUND)
        case "nothing":
            raise Refusal("You have no answer here to take back. `/llmq answer` gives one.")
        case "revealed":
            raise Refusal("The round has been revealed, so its answers stay as they are.")
    kept = Quote(request.member.name, withdrawn.text)
    return say(Markdown("**Your answer is taken back**, with its points. It was:"), kept)


async def today(game: Game, call: Call) -> Reply:
    """The channel's round: question, answers so far, and the reference once it is revealed."""
    request = call.request
    seen = await game.store.today(request.channel, request.member, round_of(call), request.reply_to or "")
    if seen.round is None:
        return say(Markdown(f"**No question yet.** {coming(seen, call)}"))
    return say(*today_blocks(seen, seen.round, call))


def coming(seen: Today, call: Call) -> str:
    """When the channel's next question comes, and what to do where none is planned."""
    if seen.schedule is None:
        return "This channel has no schedule. An admin sets one with `/llmq daily on 09:00`."
    if seen.schedule.paused:
        return f"The schedule is paused. {seen.note or 'An admin goes on with `/llmq daily resume`.'}"
    _, moment = next(seen.schedule.coming(call.now))
    return f"The next one comes on {describe_moment(seen.schedule, call.now, moment)} ({seen.schedule.zone})."


def today_blocks(seen: Today, round: Round, call: Call) -> Iterator[Block]:
    yield Heading(f"Question of {round.date:%A %-d %B}")
    yield Markdown(f"**{round.prompt}**")
    yield Fields(tuple(today_fields(seen, round, call)))
    if seen.own:
        yield Quote(call.request.member.name, seen.own.text)
    if round.reference:
        yield from reference_blocks(round.reference_answer)
    elif not round.is_blind:
        yield Markdown("The answer waits: the same question is open again in this team.")
    if round.is_blind or (not seen.own and round.state == "revealed"):
        label = "Change my answer" if seen.own else "Answer" if round.is_blind else "Answer late"
        yield Buttons((Button(label, f"answer @{round.id}", primary=not seen.own),))
    if round.state == "closed":
        yield Footnote(coming(seen, call).replace("`", ""))


def today_fields(seen: Today, round: Round, call: Call) -> Iterator[tuple[str, str]]:
    yield "Answers", replies_in_words(round.replies).capitalize()
    yield "Yours", ("late" if seen.own.late else "in time") if seen.own else "not yet"
    if round.is_blind and seen.schedule:
        left = describe_duration(max(from_ms(round.reveal_due) - call.now, timedelta()))
        yield "Reveal", f"{describe_reveal(round, seen.schedule, call.now)} (in {left})"
    elif round.is_blind:
        yield "Reveal", f"with {replies_in_words(round.min_replies)}, or at the deadline"
    else:
        yield "State", "revealed, late answers count" if round.state == "revealed" else "closed"


async def reveal(game: Game, call: Call) -> Reply:
    """Reveal the open round now."""
    state = await game.store.force_reveal(call.request.channel)
    if state in ("", "closed"):
        raise Refusal("No question is open here. `/llmq daily now` asks one.")
    if state == "revealed":
        raise Refusal("The question is revealed already: see its thread, or `/llmq today`.")
    await game.store.due.hurry(call.request.channel, to_ms(call.now))
    game.wake()
    return say(Markdown("**The reveal is on its way.**"))
