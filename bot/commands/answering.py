"""The commands around a channel's round: answer, today, reveal, and replies in its thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.answers import COPIED, ENOUGH, ERASED, PASTED, checked_answer, is_not_known, text_form
from bot.game.posts import answers, reference_blocks, reveal_sentence
from bot.game.rounds import Answer, Round
from bot.game.rules import EARNS_AGAIN_AFTER
from bot.game.schedule import date_words, from_day
from bot.messages import (
    NOTHING,
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Markdown,
    Message,
    Quote,
    Reply,
    Tick,
    moment,
    say,
)
from bot.requests import by_name
from bot.store.records import Recorded, Today
from bot.store.store import Act
from bot.subject import about
from bot.wording import counted

PRACTISE = Button("Practise", "random")
HINT = f"{ENOUGH} “I don't know” keeps your streak."
WITHDRAW = re.compile(r"withdraw( please| it| my answer)?[.!]*", re.IGNORECASE)

NO_ROUND = "No question is open here. `/llmq today` says when the next one comes."
OVER = "This question is closed."
KEPT = "Answers stay as they were at the reveal."
NOTHING_HERE = "You have no answer here yet."
TYPED_REPLY = "Reply to the question itself, or press Answer."


def round_of(call: Call) -> str:
    """The round a button names, or nothing for the channel's newest."""
    return call.words.get("round", "").removeprefix("@")


async def answer(game: Game, call: Call) -> Reply:
    """Store an answer, take it back, or open the form for one."""
    typed, body = by_name(call.words.get("text", "")), call.request.body
    if body is None and WITHDRAW.fullmatch(typed.strip()):
        return await withdraw(game, call)
    if body is None and not typed:
        return await answer_form(game, call)
    text = checked_answer(typed if body is None else body, call.meant)
    act = Act("answer", text, round_of(call), worth=not is_not_known(text))
    recorded = await record(game, call, act)
    return receipt(recorded)


async def record(game: Game, call: Call, act: Act) -> Recorded:
    """Keep an act, and wake the scheduler where the round may now be revealed or a late answer be posted."""
    recorded = await game.store.act(call.request, act, call.now)
    about(call.request.channel, recorded.round)
    moments = [moment for moment in (recorded.reveal_at, recorded.count_at) if moment]
    if moments:
        channel = call.request.channel
        place = replace(channel, id=recorded.round.rpartition(":")[0])
        await game.store.due.enqueue(place, min(moments))
        game.wake()
    return recorded


async def answer_form(game: Game, call: Call) -> Reply:
    seen = await game.store.today(call.request.channel, call.request.member, call.now, round_of(call))
    round, own = seen.round, seen.own
    if round is None:
        raise Refusal(NO_ROUND, PRACTISE)
    if own and not own.late and not round.is_blind:
        raise Refusal(KEPT)
    if round.state == "closed" and not await may_bring_back(game, call, round):
        raise Refusal(OVER, PRACTISE)
    initial = own.text if own else ""
    return text_form("Your answer", round.prompt, f"answer @{round.id}", initial, HINT)


async def may_bring_back(game: Game, call: Call, round: Round) -> bool:
    """Whether an answer to a closed round would bring its day back."""
    channel = replace(call.request.channel, id=round.channel)
    here = (await game.store.standing(channel, call.request.member, call.now, 0)).here
    return here is not None and here.lost_day == round.day


def refusal_of(recorded: Recorded) -> Refusal | None:
    """Why an answer was not taken, if it was not."""
    match recorded.status:
        case "none":
            return Refusal(NO_ROUND, PRACTISE)
        case "erased":
            return Refusal(ERASED)
        case "over":
            return Refusal(OVER, PRACTISE)
        case "pasted":
            return Refusal(PASTED)
        case "copied":
            return Refusal(COPIED)
        case "kept" | "revealed":
            return Refusal(KEPT, Button("Compare mine", f"compare @{recorded.round}"))
        case "nothing":
            return Refusal(NOTHING_HERE, Button("Answer", f"answer @{recorded.round}", primary=True))
        case _:
            return None


def status_button(recorded: Recorded) -> Button:
    return Button("Status", f"today @{recorded.round}")


def receipt(recorded: Recorded) -> Message:
    """What the member sees of a stored answer. Raises a refusal for one that was not taken."""
    if refusal := refusal_of(recorded):
        raise refusal
    ticks = tuple(ticks_of(recorded))
    round = recorded.round
    buttons: tuple[Button, ...]
    match recorded.status:
        case "late" | "late_replaced":
            which = "new late" if recorded.status == "late_replaced" else "late"
            first = f"Your {which} answer is in the thread."
            compare = Button("Compare mine", f"compare @{round}", primary=True)
            buttons = (compare, *change_buttons(round))
        case "restored":
            first, buttons = "Brought back: that day counts as answered.", (Button("Streak", "streak"),)
        case "older" | "talk":
            first, buttons = "A newer answer of yours stands.", (status_button(recorded),)
        case "replaced":
            first, buttons = "Your new answer is in.", change_buttons(round)
        case _:
            known = recorded.worth or recorded.points
            first = "Your answer is in." if known else "Noted: you don't know this one yet."
            buttons = change_buttons(round)
    words = " ".join((f"**{first}**", *earned(recorded)))
    blind = recorded.status in ("saved", "same", "replaced")
    hidden = f"Hidden until the reveal. {answers(recorded.replies).capitalize()} so far."
    notes = (Footnote(hidden),) if blind else ()
    return replace(say(Markdown(words), *notes, Buttons(buttons)), ticks=ticks, edits=True)


def change_buttons(round: str) -> tuple[Button, ...]:
    return Button("Change", f"answer @{round}"), Button("Take back", f"answer @{round} withdraw")


def ticks_of(recorded: Recorded) -> Iterator[Tick]:
    channel, _, _ = recorded.round.rpartition(":")
    if recorded.untick:
        yield Tick(channel, recorded.untick, on=False, question=recorded.message)
    if recorded.tick:
        yield Tick(channel, recorded.tick, on=True, question=recorded.message)


def earned(recorded: Recorded) -> Iterator[str]:
    """Points, streak and freeze, a sentence each."""
    if recorded.points > 0:
        yield f"+{recorded.points} points."
    elif recorded.worth and recorded.status in ("saved", "late"):
        yield f"No points: you answered this less than {EARNS_AGAIN_AFTER.days} days ago."
    if recorded.streak:
        yield f"Streak: {counted(recorded.streak, 'day')}."
    if recorded.earned_freeze:
        yield "You earned a freeze: it keeps your streak on a day without an answer."


async def withdraw(game: Game, call: Call) -> Reply:
    """Take an answer back, one in time until the reveal; its text is shown so that it is not lost."""
    recorded = await record(game, call, Act("withdraw", round=round_of(call)))
    if refusal := refusal_of(recorded):
        raise refusal
    if recorded.status != "withdrawn":
        return replace(receipt(recorded), ticks=tuple(ticks_of(recorded)))
    again = Button("Answer again", f"answer @{recorded.round}", primary=True)
    message = say(
        Markdown("**Taken back**, with its points. It was:"),
        Quote(call.request.member.name, recorded.text),
        Buttons((again,)),
    )
    return replace(message, ticks=tuple(ticks_of(recorded)), edits=True)


async def reply(game: Game, call: Call) -> Reply:
    """A message in a question's thread, written, changed or deleted: it answers if nothing else does."""
    body = call.request.body
    if call.request.thread is None:
        raise Refusal(TYPED_REPLY, Button("Answer", "answer", primary=True))
    if body is None:
        recorded = await record(game, call, Act("gone"))
        return replace(NOTHING, ticks=tuple(ticks_of(recorded)))
    try:
        text = checked_answer(body, call.meant)
    except Refusal as refusal:
        return await no_answer(game, call, refusal)
    recorded = await record(game, call, Act("reply", text, worth=not is_not_known(text)))
    if recorded.status in ("none", "over", "talk"):
        return replace(NOTHING, ticks=tuple(ticks_of(recorded)))
    return receipt(recorded)


async def no_answer(game: Game, call: Call, refusal: Refusal) -> Message:
    """A remark is talk; only who has no answer to an open question is told why it is none."""
    request = call.request
    question = request.thread.question if request.thread else ""
    seen = await game.store.today(request.channel, request.member, call.now, message=question)
    if seen.round is None or not seen.round.is_blind or seen.own:
        return NOTHING
    raise refusal


async def today(game: Game, call: Call) -> Reply:
    """The channel's round: question, answers so far, and the reference once it is revealed."""
    request, show = call.request, "show" in call.words
    seen = await game.store.today(request.channel, request.member, call.now, round_of(call), show=show)
    if seen.round is None:
        return say(Markdown(f"**No question is open here.** {coming(seen, call)}"), Buttons((PRACTISE,)))
    return say(*today_blocks(seen, seen.round, call))


def coming(seen: Today, call: Call) -> str:
    """When the channel's next question comes, and what to do where none is planned."""
    if seen.schedule is None:
        return "No daily question here yet. An admin starts it: `/llmq daily on`."
    if seen.schedule.paused:
        return f"Paused. {seen.note or 'An admin goes on with `/llmq daily resume`.'}"
    _, at = next(seen.schedule.coming(call.now))
    return f"Next: {moment(at, seen.schedule.tz, 'day')}."


def today_blocks(seen: Today, round: Round, call: Call) -> Iterator[Block]:
    yield Markdown(f"**{round.prompt}**")
    yield Fields(tuple(today_fields(seen, round)))
    if seen.own:
        yield Quote(call.request.member.name, seen.own.text)
    if seen.earlier:
        on = date_words(from_day(seen.earlier.day), call.now.date(), weekday=False)
        yield Markdown(f"On {on} you wrote:")
        yield Quote(call.request.member.name, seen.earlier.text)
    if round.reference:
        yield from reference_blocks(round.reference_answer)
    elif not round.is_blind and seen.blind:
        yield Markdown("The reference waits: the same question is open again in this team.")
    elif round.state == "revealed":
        count = f"Revealed: {round.replies} answered. " if round.replies else ""
        words = 'Answer first, or read the reference; an answer is then marked "after reading".'
        yield Markdown(count + words)
    yield from today_buttons(seen, round)
    if round.state == "closed":
        yield Footnote(coming(seen, call).replace("`", ""))


def today_buttons(seen: Today, round: Round) -> Iterator[Block]:
    buttons: list[Button] = []
    answer = f"answer @{round.id}"
    if round.is_blind:
        buttons.append(Button("Change" if seen.own else "Answer", answer, primary=not seen.own))
    elif round.state == "revealed" and (seen.own is None or seen.own.late):
        buttons.append(Button("Change" if seen.own else "Answer late", answer, primary=not seen.own))
    if not round.is_blind and not round.reference and not seen.blind:
        buttons.append(Button("Show the reference", f"today @{round.id} show"))
    if buttons:
        yield Buttons(tuple(buttons))


def today_fields(seen: Today, round: Round) -> Iterator[tuple[str, str]]:
    yield "Answered", str(round.replies)
    yield "You", how_answered(seen.own)
    if round.is_blind:
        label, _, words = reveal_sentence(round, seen.schedule).partition(": ")
        yield label, words.removesuffix(".")
    else:
        yield "State", "revealed, late answers count" if round.state == "revealed" else "closed"


def how_answered(own: Answer | None) -> str:
    if own is None:
        return "not yet"
    if own.late:
        return "late, after reading" if own.read else "late"
    return "in time, by your reply" if own.source else "in time"


async def reveal(game: Game, call: Call) -> Reply:
    """Reveal the open round now."""
    state = await game.store.force_reveal(call.request.channel)
    match state:
        case None | "closed":
            raise Refusal("No question is open here. `/llmq daily now` asks one.")
        case "revealed":
            raise Refusal("The question is revealed already: see its thread, or `/llmq today`.")
        case "scheduled" | "open":
            await game.store.due.enqueue(call.request.channel, call.now)
            game.wake()
            return say(Markdown("**The reveal is coming.**"))
        case _:
            assert_never(state)
