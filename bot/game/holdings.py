"""What is held of a member, as a page to read and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.game.schedule import from_day
from bot.messages import File

# The kinds of keys in the order in which a page shows them, each with its heading.
HEADINGS = {
    "member": "You and your settings",
    "answers": "Your answers",
    "acts": "Answers, changed answers and replies of rounds that are open",
    "withdrawn": "Answers that you took back a short while ago",
    "attempt": "Your last answer in practice or review",
    "interview": "Your mock interview",
    "streaks": "Streaks by channel",
    "ledger": "Question days by channel",
    "board": "Points on boards",
    "places": "Channels in which you had points",
    "questions": "Questions that you had, by how often",
    "practised": "Questions that you were shown",
    "learnt": "How well you knew questions",
    "due": "When questions come back",
    "hint": "Questions whose hint you used",
    "hinted": "The last practice question whose hint you used",
    "read": "Questions whose reference you read without an answer",
    "flags": "Questions that you flagged",
    "settled": "Flags of yours, or with a reply of yours, that were settled",
    "proposals": "Words of yours that you said hold a key point",
    "draft": "A question that you wrote and did not send, or that came back",
    "suggestions": "Questions that you suggested, which wait for your admins",
    "reviewers": "That you may settle suggestions",
    "admins": "That you may administer llmq",
    "credits": "Questions of yours that the team took",
    "round": "Rounds that asked a question of yours",
    "notes": "What you will be told",
    "channel": "Schedules",
    "log": "What you did as an admin",
}
# So many characters are sent in one turn of a member, which must end within a minute; Slack takes a message a
# second, of some 10,000 characters.
MOST_AT_ONCE = 200_000
REST = "Marks that rounds need"


@dataclass(frozen=True, slots=True)
class Holding:
    """What one key of a team, named without its prefix, holds of a member."""

    key: str
    value: Any

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def of(self) -> str:
        """What the key is about, such as a round."""
        return self.key.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Held:
    """All that a team's keys hold of a member at a moment."""

    team: str
    member: str
    at: datetime
    holdings: tuple[Holding, ...]

    def mailings(self) -> tuple[tuple[File, ...], ...]:
        """The page and the JSON together, or where they are long, one after another in parts."""
        page, whole = self.page(), self.json()
        if len(page) + len(whole) <= MOST_AT_ONCE:
            return ((File("your-data.txt", page), File("your-data.json", whole)),)
        return tuple((file,) for file in (*in_parts("txt", page), *in_parts("json", whole)))

    def json(self) -> str:
        """Everything as it is stored, by the names of its keys; of a list there may be several entries."""
        stored = dict[str, list[Any]]()
        for one in sorted(self.holdings, key=lambda one: one.key):
            stored.setdefault(one.key, []).append(unpacked(one.value))
        whole = {"team": self.team, "member": self.member, "at": self.at.isoformat(), "stored": stored}
        return json.dumps(whole, ensure_ascii=False, indent=1)

    def page(self) -> str:
        """The same to read."""
        head = (
            "What llmq holds of you",
            f"{self.member} in {self.team}, {self.at:%-d %b %Y, %H:%M} (UTC)",
            "Moments are milliseconds since 1970, days are days since then.",
        )
        return "\n".join((*head, *self._sections())) + "\n"

    def _sections(self) -> Iterator[str]:
        if not self.holdings:
            yield "\nNothing."
        for heading, kinds in sections():
            found = [one for one in self.holdings if kinds(one.kind)]
            if found:
                yield f"\n{heading}"
                for one in sorted(found, key=lambda one: one.key):
                    yield from lines_of(one, self.member)


def in_parts(ending: str, text: str) -> Iterator[File]:
    """A text as files that make it up when they are joined."""
    parts = [text[at : at + MOST_AT_ONCE] for at in range(0, len(text), MOST_AT_ONCE)]
    for n, part in enumerate(parts, 1):
        yield File(
            f"your-data-{n}-of-{len(parts)}.{ending}" if len(parts) > 1 else f"your-data.{ending}", part
        )


def sections() -> Iterator[tuple[str, Any]]:
    """Headings, each with what tells whether a kind of key stands under it."""
    for kind, heading in HEADINGS.items():
        yield heading, kind.__eq__
    yield REST, lambda kind: kind not in HEADINGS


def lines_of(holding: Holding, member: str) -> Iterator[str]:
    if holding.kind == "answers":
        yield from answer_lines(holding.value)
        return
    about = holding.of if holding.of and holding.of != member else ""
    value = unpacked(holding.value)
    if isinstance(value, dict) and not about:
        yield from (f"- {name}: {shown(one)}" for name, one in value.items())
    elif about and holding.kind in HEADINGS:
        yield f"- {about}: {shown(value)}"
    else:
        yield f"- {holding.key}: {shown(value)}" if about else f"- {shown(value)}"


def answer_lines(answer: dict[str, Any]) -> Iterator[str]:
    """One answer under its question."""
    day = f"{from_day(answer['day']):%-d %b %Y}" if answer.get("day") else ""
    late = "late" if answer.get("late") else "in time"
    yield f"- {day}, channel {answer.get('channel', '')}, {late}, {answer.get('points', 0)} points"
    yield f"  {answer.get('prompt', '')}"
    yield from (f"    {line}" for line in str(answer.get("text", "")).splitlines())


def unpacked(value: Any) -> Any:
    """The value with JSON in it as what it says."""
    if isinstance(value, dict):
        return {name: unpacked(one) for name, one in value.items()}
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            # Somebody's words may begin so, too.
            return value
    return value


def shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def whole(holdings: Sequence[Holding], team: str, member: str, at: datetime) -> Held:
    """What was found, each key once: a look over all keys may meet one twice."""
    found = {(one.key, shown(one.value)): one for one in holdings}
    return Held(team, member, at, tuple(found.values()))
