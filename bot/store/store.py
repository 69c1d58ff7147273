"""A team's state, in Redis: one script and one round trip for each thing that must be atomic."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, cast

from pydantic import TypeAdapter
from redis import RedisError
from redis.asyncio import Redis

from bot.game.catalogue import Item, Shelf, read_shelf, write_shelf
from bot.game.channel import ChannelState, Draft
from bot.game.interview import Interview, read_interview, write_interview
from bot.game.memory import Grade, Learnt, read_learnt, write_learnt
from bot.game.order import Lap
from bot.game.pins import Pin, read_pin
from bot.game.posts import Lapse
from bot.game.rounds import ANSWER, ANSWERS, Answer, RoundState, read_round, round_fields
from bot.game.rules import KEPT_ROUND, MOST_QUEUED
from bot.game.schedule import Schedule, from_ms, milliseconds, read_schedule, to_ms
from bot.requests import Channel, Member, Request
from bot.store.due import DueQueue
from bot.store.file import rewrite
from bot.store.flags import Flags
from bot.store.heartbeat import Heartbeat
from bot.store.keys import CLOCK, deck_key, due_member, team_prefix, team_turn
from bot.store.log import AdminLog
from bot.store.migration import migrate
from bot.store.named import NamedMembers
from bot.store.notes import Notes
from bot.store.own import OwnDecks
from bot.store.records import (
    Attempt,
    Became,
    Begun,
    Board,
    Card,
    ChannelStreak,
    DueReviews,
    Earlier,
    Leaderboard,
    Learned,
    OpenRound,
    Overview,
    Own,
    Past,
    PastRound,
    Place,
    Planned,
    Practised,
    Recorded,
    Standing,
    Today,
)
from bot.store.retention import Retention, kept_for
from bot.store.scripts import Argument, Scripts
from bot.store.suggestions import Suggestions
from bot.store.teams import Teams
from bot.store.traces import Traces
from bot.store.weeks import Weeks
from content.words import normalised

SaidStatus = Literal["said", "same", "none"]
ATTEMPT = TypeAdapter(Attempt)
WORD: TypeAdapter[Grade | Became] = TypeAdapter(Grade | Became)
QueueStatus = Literal["added", "there", "full", "no_schedule"]
ExcuseStatus = Literal["excused", "same", "none"]
BoardsStatus = Literal["changed", "same", "older"]
ActKind = Literal["answer", "withdraw", "reply", "gone"]
ANY_SCHEDULE = "*"
FOLDER = files("bot.store") / "lua"


@dataclass(frozen=True, slots=True)
class Act:
    """What a member does about their answer. `worth`: it says more than "I don't know"."""

    kind: ActKind
    text: str = ""
    round: str = ""
    worth: bool = True


def standings(read: Mapping[Board, list[int]] | None) -> dict[Board, tuple[int, int]]:
    """Scores and ranks by board; Lua writes an empty table as a list."""
    return {board: (score, rank) for board, (score, rank) in dict(read or {}).items()}


def past_round(id: str, day: int, prompt: str, word: str) -> PastRound:
    return PastRound(id, day, prompt, WORD.validate_python(word))


def lapse_of(member: str, day: int, mark: str, streak: int, until: float, freezes: int = 0) -> Lapse:
    return Lapse(member, day, "f" if mark == "f" else "m", streak, from_ms(until) if until else None, freezes)


def read_ranges(packed: str) -> Iterator[tuple[int, int]]:
    for part in packed.split():
        first, _, last = part.partition("-")
        yield int(first), int(last)


class Store:
    """The game's state. Every method may raise `redis.RedisError`; every write is safe to run twice.

    Members' texts are `kept` for so long behind the end of their round.
    """

    def __init__(self, redis: Redis, kept: timedelta = KEPT_ROUND) -> None:
        self._redis, self.kept = redis, kept
        self._scripts = Scripts(redis, FOLDER, kept_for(kept))
        self.retention = Retention(redis, self._scripts)
        self.due = DueQueue(redis, self._scripts)
        self.heartbeat = Heartbeat(redis, self._scripts)
        self.notes = Notes(redis, self._scripts)
        self.flags = Flags(redis, self._scripts)
        self.traces = Traces(redis, self._scripts)
        self.teams = Teams(redis, self._scripts)
        self.log = AdminLog(redis, self._scripts)
        self.weeks = Weeks(redis, self._scripts)
        self.suggestions = Suggestions(redis, self._scripts)
        self.reviewers = NamedMembers(redis, self._scripts, "reviewers")
        self.admins = NamedMembers(redis, self._scripts, "admins")
        self.own = OwnDecks(redis, self._scripts)

    async def _run(self, script: str, team: str, *args: Argument) -> Any:
        return await self._scripts.run(script, team_prefix(team), *args)

    async def _read(self, script: str, team: str, *args: Argument) -> dict[str, Any]:
        answer = await self._run(script, team, *args)
        return cast(dict[str, Any], json.loads(answer)) if answer else {}

    # Members

    async def act(self, request: Request, act: Act, now: datetime) -> Recorded:
        """Give, change or take back an answer: the newest act by its own moment counts."""
        thread = request.thread
        at = request.at or now
        read = await self._read(
            "act",
            request.channel.team,
            request.channel.id,
            act.round,
            thread.question if thread else "",
            request.member.id,
            request.member.name,
            act.kind,
            act.text,
            normalised(act.text),
            request.id,
            to_ms(at),
            1 if request.at else 0,
            to_ms(now),
            thread.id if thread else "",
            to_ms(thread.created) if thread else 0,
            1 if act.worth else 0,
        )
        read |= {name: from_ms(read[name]) for name in ("reveal_at", "count_at") if name in read}
        return Recorded(**read)

    async def today(
        self,
        channel: Channel,
        member: Member,
        now: datetime,
        round: str = "",
        *,
        message: str = "",
        show: bool = False,
    ) -> Today:
        """The round that a command means; its reference only after the reveal, to whom it is to be shown."""
        args = (channel.id, round, message, member.id, to_ms(now), 1 if show else 0)
        seen = await self._read("today", channel.team, *args)
        stored = seen.get("round")
        return Today(
            schedule=read_schedule(seen["schedule"]) if "schedule" in seen else None,
            note=seen.get("note", ""),
            round=read_round(stored) if stored else None,
            own=ANSWER.validate_json(seen["own"]) if "own" in seen else None,
            earlier=Earlier(**seen["earlier"]) if "earlier" in seen else None,
            blind=bool(stored and stored["blind"]),
            hinted=bool(seen.get("hinted")),
        )

    async def random(
        self, team: str, member: Member, now: datetime, candidates: Sequence[str]
    ) -> tuple[str, bool]:
        """The id of a practice question from candidates in a random order, or an empty string.

        And whether the member had it before, since nothing new is left.
        """
        chosen, again = await self._run("random", team, member.id, to_ms(now), " ".join(candidates))
        return chosen, bool(again)

    async def is_blind(self, team: str, item: Item) -> bool:
        """Whether a question is in an open round of the team, or comes soon in one."""
        return bool(await self._run("is_blind", team, item.id, item.prompt_hash))

    async def practise(
        self, request: Request, item: Item, text: str, now: datetime, *, worth: bool
    ) -> Practised:
        """Count a practice answer."""
        who, channel = request.member, request.channel
        asked = (item.id, item.prompt_hash, item.normalised, item.normalised_reference)
        args = (
            request.id,
            channel.id,
            who.id,
            who.name,
            *asked,
            normalised(text),
            to_ms(now),
            1 if worth else 0,
            to_ms(request.at or now),
        )
        return Practised(**await self._read("practise", channel.team, *args))

    async def leaderboard(self, channel: Channel, member: Member, board: Board, now: datetime) -> Leaderboard:
        """A board of a channel, or of the team for a channel without an id."""
        read = await self._read("leaderboard", channel.team, channel.id, board, member.id, to_ms(now))
        top = tuple(Place(*place) for place in read["top"])
        return Leaderboard(top, read["size"], Own(*read["own"]) if "own" in read else None, read["hidden"])

    async def standing(self, channel: Channel, member: Member, now: datetime, days: int) -> Standing:
        """A member's figures, with the ledger of so many question days of the channel."""
        read = await self._read("me", channel.team, member.id, channel.id, to_ms(now), days)
        here = read.get("here")
        return Standing(
            here=ChannelStreak(**here | {"ledger": tuple((day, mark) for day, mark in here["ledger"])})
            if here
            else None,
            others=tuple((id, streak, best) for id, streak, best in read["others"]),
            today=read["today"],
            answered=read["answered"],
            hidden=read["hidden"],
            boards=standings(read.get("boards")),
            team_boards=standings(read["team_boards"]),
            practice=read["practice"] or 0,
            away=tuple(read_ranges(read["away"])),
        )

    async def note(self, channel: Channel, member: str) -> Lapse | None:
        """What a member is still to be told of a streak. It stays until it is `noted`."""
        word = cast(str, await self._run("note", channel.team, member, channel.id, ""))
        if not word:
            return None
        day, mark, streak, until = word.split(",")
        return lapse_of(member, int(day), mark, int(streak), float(until))

    async def noted(self, channel: Channel, lapse: Lapse) -> None:
        """Record that this reached its member."""
        await self._run("note", channel.team, lapse.member, channel.id, f"{lapse.day},{lapse.mark}")

    async def show_on_boards(
        self, team: str, member: Member, now: datetime, at: datetime, untold: str = "", *, shown: bool
    ) -> BoardsStatus:
        """Leave or join the boards; `older` when a newer word stands."""
        args = (member.id, "on" if shown else "off", to_ms(now), to_ms(at), untold)
        return cast(BoardsStatus, await self._run("boards", team, *args))

    async def be_away(
        self, team: str, member: Member, first: int, last: int | None, at: datetime, untold: str = ""
    ) -> bool:
        """Be away from a day to another, or back from the first on; False when a newer word stands."""
        args = (member.id, member.name, first, "" if last is None else last, to_ms(at), untold)
        return bool(await self._run("away", team, *args))

    async def overview(self, team: str, member: Member) -> Overview:
        """What is open and planned in the channels that a member has answered in, twenty of each at most."""
        read = await self._read("open_rounds", team, member.id)
        planned = (
            Planned(channel, read_schedule(stored), newest) for channel, stored, newest in read["planned"]
        )
        return Overview(tuple(OpenRound(*one) for one in read["open"]), tuple(planned))

    async def channels_of(self, team: str, member: str) -> list[str]:
        """The channels that a member has answered in."""
        return cast(list[str], await self._redis.hkeys(f"{team_prefix(team)}:streaks:{member}"))

    async def answered(self, team: str, member: Member) -> frozenset[str]:
        """Ids of the questions a member has answered."""
        return frozenset(await self._run("answered", team, member.id))

    async def history(self, channel: Channel, member: Member, about: str, first: int, count: int) -> Past:
        """The past questions of a channel, on a topic or of a deck where one is named."""
        read = await self._read("history", channel.team, channel.id, member.id, about, first, count)
        rounds = tuple(past_round(*one) for one in read["rounds"])
        return Past(rounds, read["more"], dict(read["topics"]))

    # Learning

    async def card(self, team: str, member: Member, question: str) -> Card:
        """What a member has of a question."""
        read = await self._read("card", team, member.id, question)
        stored = read.get("learnt", "")
        attempt = ATTEMPT.validate_json(read["attempt"]) if "attempt" in read else None
        return Card(read_learnt(stored) if stored else None, stored, attempt)

    async def keep_attempt(self, request: Request, question: str, text: str, now: datetime) -> bool:
        """Keep what was answered in practice or review, until the next one; whether its hint was used."""
        stored, at = json.dumps({"question": question, "text": text}), to_ms(request.at or now)
        return bool(await self._run("attempt", request.channel.team, request.member.id, stored, at))

    async def learn(
        self,
        team: str,
        member: Member,
        question: str,
        before: str,
        learnt: Learnt,
        now: datetime,
        round: str,
        *,
        counts: bool,
    ) -> Learned:
        """Keep a graded question, if what is stored of it is still what was read before."""
        after = write_learnt(learnt)
        args = (
            member.id,
            question,
            before,
            after,
            to_ms(learnt.memory.due),
            to_ms(now),
            round,
            1 if counts else 0,
        )
        return Learned(**await self._read("learn", team, *args))

    async def due_reviews(self, team: str, member: Member, now: datetime) -> DueReviews:
        """What is due for review."""
        read = await self._read("due_reviews", team, member.id, to_ms(now))
        coming = read.get("coming")
        following = (from_ms(coming[0]), coming[1]) if coming else None
        return DueReviews(tuple(read["due"]), read["reviewed"], following, read["kept_back"])

    async def say_point(
        self, team: str, member: Member, question: str, round: str, label: str, now: datetime
    ) -> SaidStatus:
        """Take a member's word for a key point that was not found."""
        args = (member.id, question, round, label, to_ms(now))
        return cast(SaidStatus, await self._run("said", team, *args))

    async def use_hint(self, team: str, member: Member, round: str, question: str) -> list[str]:
        """Note that a member used a hint; the labels of the key points that a round was asked with."""
        return cast(list[str], await self._run("hint", team, member.id, round, question))

    async def learnt(
        self, team: str, member: Member, now: datetime
    ) -> tuple[Mapping[str, Learnt], tuple[str, ...]]:
        """All that a member has graded, and the questions that are due."""
        read = await self._read("learnt", team, member.id, to_ms(now))
        return {question: read_learnt(stored) for question, stored in read["learnt"]}, tuple(read["due"])

    async def free(self, team: str, candidates: Sequence[str]) -> list[str]:
        """Which questions, named as by `Item.candidate`, are neither open in the team nor coming soon."""
        return cast(list[str], await self._run("free", team, *candidates)) if candidates else []

    async def interview(self, team: str, member: Member) -> tuple[Interview | None, str]:
        """A member's interview, and what is stored of it."""
        stored = cast(str | None, await self._run("read", team, "GET", f"interview:{member.id}"))
        return (read_interview(stored), stored) if stored else (None, "")

    async def keep_interview(
        self,
        team: str,
        member: Member,
        before: str,
        interview: Interview | None,
        now: datetime,
        due: Sequence[str] = (),
    ) -> bool:
        """Keep an interview, or drop it, unless it has changed; what is `due` goes into review now."""
        stored = write_interview(interview) if interview else ""
        return bool(await self._run("keep_interview", team, member.id, before, stored, to_ms(now), *due))

    # Channels and rounds

    async def channel(self, channel: Channel) -> ChannelState:
        """A channel's schedule, newest round and history."""
        read = await self._read("channel", channel.team, channel.id)
        fields = read["channel"]
        return ChannelState(
            schedule=read_schedule(fields["schedule"]) if "schedule" in fields else None,
            note=fields.get("note", ""),
            asked_now=int(fields["now"]) if "now" in fields else None,
            round=read_round(read["round"]) if "round" in read else None,
            asked=dict(read["asked"]),
            open=frozenset(read["open"]),
            retired=frozenset(read["retired"]),
            stored=fields.get("schedule", ""),
            deck=read["deck"],
            drawn=fields.get("drawn", ""),
            warned="warned" in fields,
            gone=tuple(filter(None, fields.get("gone", "").split("\n"))),
            lap=Lap(*(int(fields.get(name, 0)) for name in ("seed", "lap", "lap_since"))),
            late=read["late"],
            recapped=int(fields.get("recapped", 0)),
            refused_since=from_ms(fields["refused_since"]) if "refused_since" in fields else None,
            left=read["left"],
            untold=read_round(read["untold"]) if "untold" in read else None,
            queue=tuple(fields.get("queue", "").split()),
            pin=read_pin(fields.get("pin", "")),
        )

    async def save_schedule(
        self,
        channel: Channel,
        before: ChannelState,
        schedule: Schedule | None,
        now: datetime,
        fields: Mapping[str, str | int] = MappingProxyType({}),
    ) -> bool:
        """Keep, replace or (with None) remove a channel's schedule, and with it other fields of the channel.

        False when somebody else has changed it since `before`.
        """
        offset = schedule.utc_offset_ms(now) if schedule else ""
        stored = schedule.to_json() if schedule else ""
        every = {"schedule": stored, "note": "", "paused_by": "", **fields}
        flat = (part for pair in every.items() for part in pair)
        return bool(await self._run("configure", channel.team, channel.id, offset, before.stored, *flat))

    async def forget_who_set(self, channel: Channel, before: ChannelState) -> bool:
        """Let a schedule go on with nobody to tell; False when somebody has changed it since `before`."""
        assert before.schedule
        stored = replace(before.schedule, set_by="").to_json()
        return bool(
            await self._run("configure", channel.team, channel.id, "", before.stored, "schedule", stored)
        )

    async def queue(self, channel: Channel, item: Item) -> QueueStatus:
        """Put a question before the channel's own order, behind what was put there before."""
        args = (channel.id, item.id, "add", MOST_QUEUED)
        return cast(QueueStatus, await self._run("queue", channel.team, *args))

    async def unqueue(self, channel: Channel, question: str) -> bool:
        """Leave a question to the channel's own order; whether it was in the queue."""
        return bool(await self._run("queue", channel.team, channel.id, question, "remove", 0) == "removed")

    async def scheduled(self, team: str) -> list[str]:
        """The team's channels that have a schedule."""
        return sorted(await self._run("scheduled", team))

    async def ask_now(self, channel: Channel, day: int) -> None:
        """Let the round of a local date open without waiting for its moment."""
        await self._run("configure", channel.team, channel.id, "", ANY_SCHEDULE, "now", day)

    async def save_warned(self, channel: Channel, *, warned: bool) -> None:
        """Keep whether the admin knows that few questions are left."""
        args = (channel.id, "", ANY_SCHEDULE, "warned", "1" if warned else "")
        await self._run("configure", channel.team, *args)

    async def save_gone(self, channel: Channel, gone: Sequence[str]) -> None:
        """Keep which missing sources the admin knows of."""
        args = (channel.id, "", ANY_SCHEDULE, "gone", "\n".join(gone))
        await self._run("configure", channel.team, *args)

    async def save_ahead(self, channel: Channel, before: ChannelState, ahead: Sequence[str]) -> bool:
        """Keep what comes next with the team's own deck as it is; False where the schedule has changed."""
        args = (channel.id, "", before.stored, "drawn", before.deck, "ahead", " ".join(ahead))
        return bool(await self._run("configure", channel.team, *args))

    async def look_at_channels(self, team: str, at: datetime) -> None:
        """Have the scheduler look at all channels of a team that have a schedule."""
        channels = [Channel(team, id) for id in await self.scheduled(team)]
        await asyncio.gather(*(self.due.enqueue(one, at) for one in channels))

    async def save_pin(self, channel: Channel, pin: Pin) -> None:
        """Keep what is pinned in a channel, or may be."""
        args = (channel.id, "", ANY_SCHEDULE, "pin", pin.to_json())
        await self._run("configure", channel.team, *args)

    async def save_refused(self, channel: Channel, since: datetime) -> None:
        """Keep since when the platform refuses llmq itself; a question that is posted ends that."""
        await self._run(
            "configure", channel.team, channel.id, "", ANY_SCHEDULE, "refused_since", to_ms(since)
        )

    async def excuse(self, channel: Channel, day: int) -> ExcuseStatus:
        """Let a question day break nobody's streak."""
        return cast(ExcuseStatus, await self._run("excuse", channel.team, channel.id, day))

    async def force_reveal(self, channel: Channel) -> RoundState | None:
        """Let the newest round be revealed now; returns its state, or nothing where there is none."""
        return cast(RoundState, await self._run("force", channel.team, channel.id)) or None

    async def begin(
        self, channel: Channel, day: int, schedule: Schedule, now: datetime, draft: Draft, item: Item
    ) -> Begun:
        """Begin the round of a date with a candidate, unless it is open elsewhere in the team."""
        rule = "regulars" if schedule.reveal.waits_for_regulars else "number"
        fields = round_fields(item, schedule.reveal, now, draft.asked.get(item.id))
        begun = await self._read(
            "begin",
            channel.team,
            channel.id,
            day,
            schedule.utc_offset_ms(now),
            to_ms(now),
            rule,
            draft.lap.number,
            int(draft.lap.since),
            " ".join(draft.ahead),
            " ".join(one.candidate for one in draft.candidates),
            json.dumps(fields),
        )
        stored = begun.get("fields")
        return Begun(begun["status"], read_round(stored) if stored else None, begun.get("instead", ""))

    async def posted(self, team: str, round: str, message: str) -> None:
        """Record the message that a round's question stands in."""
        await self._run("posted", team, round, message)

    async def counted(self, team: str, round: str, count: int, now: datetime, in_vain: int) -> None:
        """Record how many answers the question's post says, and how often more were tried in vain."""
        await self._run("counted", team, round, count, to_ms(now), in_vain)

    async def abandon(self, team: str, round: str, now: datetime) -> None:
        """Take back a round that could not be posted; one that was answered is revealed instead."""
        await self._run("abandon", team, round, to_ms(now))

    async def reveal(self, team: str, round: str, now: datetime) -> bool:
        """Reveal a round if it is due; whether its reveal is now to be posted."""
        return bool(await self._run("reveal", team, round, to_ms(now)))

    async def answers(
        self, team: str, round: str, first: int, last: int, which: Literal["order", "late"] = "order"
    ) -> list[Answer]:
        """Answers of a round in the order they came: those in time, or late ones that changed.

        A late one without a text was taken back.
        """
        found = await self._run("answers", team, round, which, first, last)
        return ANSWERS.validate_python([json.loads(answer) for answer in found])

    async def late_posted(self, team: str, round: str, answer: Answer) -> None:
        """Record that a late answer stands in the thread, or stands there no more."""
        await self._run("late_posted", team, round, answer.member, answer.id)

    async def answers_posted(self, team: str, round: str, count: int, message: str) -> None:
        """Record that so many answers stand in the thread, the last of them in a message."""
        await self._run("reveal_posted", team, round, count, message, "")

    async def reveal_posted(self, team: str, round: str, covered: float | None = None) -> None:
        """Record that a reveal stands in the channel, and what share of the key points was found."""
        await self._run("reveal_posted", team, round, "", "", "" if covered is None else f"{covered:.4f}")

    async def close(
        self, team: str, round: str, now: datetime, *, was_down: bool = False, untold: bool = False
    ) -> int:
        """Close a revealed round, `untold` when the rest of its reveal is told behind the next question.

        Returns how many rounds in a row nobody has answered.
        """
        return cast(int, await self._run("close", team, round, to_ms(now), int(was_down), int(untold)))

    async def on_a_streak(self, channel: Channel) -> list[str]:
        """Members with a streak in a channel, also those who left the boards."""
        board = f"{team_prefix(channel.team)}:board:streak@{channel.id}"
        boards = (board, f"{board}:hidden")
        found = [cast(list[str], await self._redis.zrange(name, 0, -1)) for name in boards]
        return [member for members in found for member in members]

    async def lapse(self, channel: Channel, members: Sequence[str], now: datetime) -> list[Lapse]:
        """Bring the streaks of some members up to date; what their days without an answer took."""
        found = json.loads(await self._run("lapse", channel.team, channel.id, to_ms(now), *members))
        return [lapse_of(*one) for one in found]

    async def name_of(self, team: str, member: str) -> str:
        """The name under which a member was seen last, or nothing."""
        return cast(str | None, await self._redis.hget(f"{team_prefix(team)}:member:{member}", "name")) or ""

    async def names_of(self, team: str, members: Collection[str]) -> dict[str, str]:
        """The names of those who are known, by their ids."""
        known = [(member, await self.name_of(team, member)) for member in members if member]
        return {member: name for member, name in known if name}

    async def forget(self, team: str) -> int:
        """Delete all that is held of a team that has left; how many keys there were."""
        left = await self.teams.left(team)
        count = await self.teams.purge(team, left) if left else None
        if left is None or count is None:
            return 0
        # The team's own turn stays until nothing else is left, for whoever goes on after a kill.
        await self.due.drop(team, but=due_member(team_turn(team)))
        await self.teams.purge_last(team, left)
        await self.due.drop(team)
        return count + 1

    async def migrate(self) -> None:
        """Bring what earlier versions stored into the form of this one."""
        await migrate(self._redis, self._scripts)

    async def rewrite_file(self) -> None:
        """Have the append-only file written anew about once a week, without what was erased."""
        await rewrite(self._redis)

    async def is_there(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await self._redis.ping())
        except RedisError:
            return False

    # The terminal's clock

    async def clock(self) -> timedelta:
        """How far the terminal's clock has been moved ahead."""
        return timedelta(milliseconds=int(await self._redis.get(CLOCK) or 0))

    async def save_clock(self, ahead: timedelta) -> None:
        """Keep the terminal's clock, so that a later visit goes on from there."""
        await self._redis.set(CLOCK, milliseconds(ahead))

    # Decks

    async def shelf(self, deck: str) -> tuple[str, Shelf]:
        """What is stored of a deck, and the revision to save it under."""
        saved = await self._redis.hmget(deck_key(deck), ["revision", "shelf"])
        revision, stored = cast(list[str | None], saved)
        return revision or "0", read_shelf(stored) if stored else {}

    async def save_shelf(self, deck: str, revision: str, shelf: Shelf) -> bool:
        """Store a deck's entries; False when another replica did so since the revision was read."""
        return bool(await self._scripts.run("save_deck", deck_key(deck), revision, write_shelf(shelf)))
