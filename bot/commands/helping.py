"""How to begin, and what can be done: the commands in groups that fit a phone, all from the command table."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from bot.commands.admins import seems_admin
from bot.commands.answering import PRACTISE, coming, today
from bot.commands.parsing import CHAPTERS, Call, Command, CommandTable, Game
from bot.errors import Refusal
from bot.game.posts import reveal_sentence
from bot.messages import Block, Button, Buttons, Footnote, Markdown, Message, Reply, say
from bot.store.records import Today
from bot.wording import as_code, did_you_mean, nearest

HELP = Button("Help", "help")
FIRST_STEPS = """\
**One question about language models a day.** You answer before you see the others.

1. Press Answer below the question.
2. Practise at any time: `/llmq random`
3. See where you stand: `/llmq me`"""
MORE = "More on one of them: /llmq help and its name."
PLAIN_REPLY = "A plain reply to the question answers it too, for all to read."
ONLY_ADMINS = "Only admins of the channel can use these."


async def start(game: Game, call: Call) -> Reply:
    """`/llmq` alone: three lines for a newcomer, and for anyone else how the day's question stands."""
    if not await is_new(game, call):
        return await today(game, call)
    request = call.request
    seen = await game.store.today(request.channel, request.member, call.now)
    return say(*first_steps(seen, call))


async def is_new(game: Game, call: Call) -> bool:
    """Whether a member has done nothing that counts in this team so far."""
    channel, member = call.request.channel, call.request.member
    standing = await game.store.standing(channel, member, call.now, 0)
    return not standing.answered and not standing.team_boards


def first_steps(seen: Today, call: Call) -> Iterator[Block]:
    yield Markdown(FIRST_STEPS)
    round = seen.round if seen.round and seen.round.is_blind else None
    label = "Change" if seen.own else "Answer today's question"
    answer = (Button(label, f"answer @{round.id}", primary=not seen.own),) if round else ()
    yield Buttons((*answer, PRACTISE, HELP))
    yield Footnote(reveal_sentence(round, seen.schedule) if round else coming(seen, call).replace("`", ""))


async def help_with(table: CommandTable, game: Game, call: Call) -> Reply:
    """All groups, one group, or one command in detail. Raises a refusal for a word that is none of them."""
    wanted = call.words.get("command", "").casefold().replace("/llmq", "").strip(' "`“”')
    if not wanted:
        admin, new = await asyncio.gather(asked_by_admin(game, call), is_new(game, call))
        return overview(table, admin=admin, new=new)
    if wanted in CHAPTERS:
        return chapter(table, wanted, admin=await asked_by_admin(game, call))
    command = table.find(wanted)
    # A first word that several share names their group.
    if command and not command.hidden and (command.name == wanted or command.first_word != wanted):
        return say(*in_detail(command))
    if group := table.group(wanted):
        return say(Markdown("\n".join(map(line, group))), Footnote(MORE))
    near = did_you_mean(nearest(wanted, table.names))
    raise Refusal(f"There is no command {as_code(wanted)}.{near} See `/llmq help`.", HELP)


async def asked_by_admin(game: Game, call: Call) -> bool:
    return await seems_admin(game, call.request)


def overview(table: CommandTable, *, admin: bool, new: bool) -> Message:
    """A line for each group, and before it for newcomers how to begin."""
    lines = "\\\n".join(summary(table, one) for one in CHAPTERS if admin or one != "admin")
    how = (Markdown(FIRST_STEPS),) if new else ()
    shown = (*how, Markdown(lines), chapter_buttons(admin=admin), Footnote(PLAIN_REPLY))
    return replace(say(*shown), edits=True)


def summary(table: CommandTable, chapter: str) -> str:
    """`**Learn** `/llmq random`, `review`, `compare``: a first word that several share stands once."""
    commands = table.chapter(chapter)
    shared = Counter(one.first_word for one in commands)
    names = dict.fromkeys(one.first_word if shared[one.first_word] > 1 else one.name for one in commands)
    first, *others = names
    return f"**{chapter.title()}** {', '.join((f'`/llmq {first}`', *(f'`{one}`' for one in others)))}"


def chapter_buttons(*, admin: bool, without: str = "") -> Buttons:
    shown = (one for one in CHAPTERS if one != without and (admin or one != "admin"))
    return Buttons(tuple(Button(one.title(), f"help {one}") for one in shown))


def chapter(table: CommandTable, name: str, *, admin: bool) -> Message:
    """A line for each command of a group, in the place of what was shown before."""
    lines = "\n".join(map(line, table.chapter(name)))
    note = ONLY_ADMINS if name == "admin" and not admin else MORE
    shown = (Markdown(f"**{name.title()}**"), Markdown(lines))
    return replace(say(*shown, chapter_buttons(admin=admin, without=name), Footnote(note)), edits=True)


def line(command: Command) -> str:
    """`- `/llmq random rag`: a question to practise on`."""
    return f"- `{command.example}`: {command.help[0].lower()}{command.help[1:]}"


def in_detail(command: Command) -> Iterator[Block]:
    who = "" if command.who == "everyone" else f" For {command.who.replace(',', ' and')}."
    yield Markdown(f"**{command.name}:** {command.help[0].lower()}{command.help[1:]}.{who}")
    shown = [one for one in command.arguments if not one.hidden]
    if shown:
        yield Markdown("\n".join(f"- `{one.name}`: {one.help}" for one in shown))
    yield Markdown(f"Type it like `{command.example}`.")
