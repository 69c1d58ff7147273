"""What anybody may type, press and send, at random: all commands, hostile words, what was seen before."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.commands.parsing import Argument, Command
from bot.commands.table import TABLE
from bot.game.catalogue import Catalogue
from bot.game.schedule import to_day
from bot.messages import TEXT, Button, Form, Input, Reply
from tests.dialogue import buttons_of

PEOPLE = ("ana", "bob", "cyd", "dan", "eve")
ADMINS = ("boss", "chief")
CHANNELS = ("practice", "lobby")
QUESTIONS = 60
# Whose words are an answer, which others must not see before the reveal.
ANSWERS = ("answer", "random answer", "review answer", "interview answer", "reply")
HOSTILE = (
    *(
        "",
        " ",
        "\x00",
        "\ud800",
        "\u202etxet",
        "\u2066",
        "\ue0009|time|x\ue001",
        "\ue002lobby\ue003",
        "\r\n\r\n",
    ),
    *("<!channel>", "<@everyone>", "@everyone", "<@U1|x>", "<@&S1|devs>", "<#C1|x>", "[x](thread:a/b)"),
    *("`" * 30, "*_~|>#", "](javascript:1)", "<script>", "' OR 1=1 --", "%s%n{}{0}", "$(x)", "\\u0000"),
    *('"', "“", '"}', "]]", "[[", "{}", "null", "llmq:{slack:T2}:answers:practice:20780", "}:x", "\n" * 80),
    *("9" * 400, "-1", "0", "1e9", "٣", "²", "½", "NaN", "9999-12-31", "0000-00-00", "2026-02-30", "24:61"),
    *(
        "x" * 5000,
        "words " * 900,
        "😀" * 40,
        "ȩ̸̛" * 30,
        "家" * 300,
        "ﬁ" * 20,
        "\u00ad\u200b\u200d",
        "@:",
        "@:1",
    ),
)
PLAIN = (
    *("none", "all", "off", "on", "yes", "here", "regulars", "good", "again", "easy", "hard", "show", "team"),
    *("1", "2", "3", "7", "99", "1h", "8h", "30m", "09:00", "9am", "23:59", "daily", "weekdays", "mon-fri"),
    *("Europe/Berlin", "Pacific/Apia", "America/New_York", "UTC+2", "DE-BY", "Germany", "holidays", "basics"),
    *("attention", "prompting", "long context", "yesterday", "tomorrow", "tomorrow fri", "24 Dec..2 Jan"),
    *("friday", "monday", "withdraw", "subject", "number", "what is it", "q1", "week", "month", "streak"),
    *("<@bob|Bob>", "@bob", "<@ana>", "<@&S1|devs>", "I don't know"),
)


@dataclass
class Offered:
    """What a person could press or fill in, of what they have seen lately."""

    buttons: deque[Button] = field(default_factory=lambda: deque(maxlen=40))
    forms: deque[Form] = field(default_factory=lambda: deque(maxlen=6))

    def look(self, reply: Reply) -> None:
        self.buttons.extend(buttons_of(reply))
        if isinstance(reply, Form):
            self.forms.append(reply)


@dataclass
class Chatter:
    """Draws what is said. `mark` ends every word that is private to a team."""

    rng: random.Random
    catalogue: Catalogue
    channels: Sequence[str] = CHANNELS
    offered: defaultdict[tuple[str, str], Offered] = field(default_factory=lambda: defaultdict(Offered))
    # Of each number in an answer: the mark of its team, and its author.
    authors: dict[int, tuple[str, str]] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def chance(self, of: float) -> bool:
        return self.rng.random() < of

    def one(self, of: Sequence[str]) -> str:
        return self.rng.choice(of)

    def hostile(self) -> str:
        """Words that somebody hopes are not expected."""
        if self.chance(0.3):
            return "".join(chr(self.rng.randrange(1, 0x30000)) for _ in range(self.rng.randrange(1, 12)))
        return self.one(HOSTILE)

    def answer(self, mark: str, who: str) -> str:
        """An answer with a word that no other has."""
        number = next(self._numbers)
        self.authors[number] = mark, who
        words = f"What I think of it is word{number}{mark}, and that is all."
        return f"{self.hostile()} {words} {self.hostile()}" if self.chance(0.15) else words

    def round(self, now: datetime) -> str:
        """A round as a button names it, of one of the last days."""
        return f"@{self.one(self.channels)}:{to_day(now.date()) - self.rng.choice((0, 0, 0, 1, 1, 2, 9))}"

    def question(self) -> str:
        return f"basics/q{self.rng.randrange(QUESTIONS + 2)}"

    def word(self, argument: Argument, now: datetime) -> str:
        """A word for an argument: mostly one that fits."""
        offered = argument.offered(self.catalogue)
        kind = self.rng.randrange(10)
        if offered and kind < 6:
            return self.one(offered)
        if kind == 9:
            return self.hostile()
        if kind == 8:
            return f"{(now + timedelta(days=self.rng.randrange(-9, 9))).date()}"
        return self.one((self.round(now), self.question(), self.one(PLAIN)))

    def words(self, command: Command, now: datetime) -> list[str]:
        """A command's arguments, some of them left out."""
        named: list[str] = []
        for argument in command.arguments:
            if self.chance(0.45 if argument.optional else 0.92):
                named += [argument.announced and argument.name, self.word(argument, now)]
        if self.chance(0.05):
            self.rng.shuffle(named)
        return [word for word in named if word]

    def command(self, now: datetime) -> str:
        """Any command of the table, with any words."""
        command = self.rng.choice(TABLE.commands)
        name = command.alias if command.alias and self.chance(0.3) else command.name
        return self.spoilt(" ".join((name, *self.words(command, now))))

    def spoilt(self, text: str) -> str:
        """The text, now and then with something put in, taken out or turned into capitals."""
        while self.chance(0.12):
            start = self.rng.randint(0, len(text))
            end = min(len(text), start + self.rng.randrange(5))
            text = text[:start] + self.one((self.hostile(), text[start:end].upper(), "")) + text[end:]
        return text

    def field(self, asked: Input, mark: str, who: str, *, answers: bool) -> str:
        """What somebody puts into a field of a form."""
        if asked.choices and self.chance(0.9):
            return self.one([value for value, _ in asked.choices])
        if answers and asked.name == TEXT and self.chance(0.8):
            return self.answer(mark, who)
        return self.one(
            (asked.initial, self.hostile(), self.one(PLAIN), f"It is not right because {self.one(PLAIN)}.")
        )

    def filled(self, form: Form, mark: str, who: str) -> Mapping[str, str]:
        """All that a form is sent with, now and then with a field too few or too many."""
        answers = is_answer(form.command)
        inputs = {one.name: self.field(one, mark, who, answers=answers) for one in form.inputs}
        if self.chance(0.05):
            inputs.pop(self.one(list(inputs)))
        if self.chance(0.05):
            inputs[self.hostile()] = self.hostile()
        return inputs


def is_answer(command: str) -> bool:
    """Whether the body of a command is an answer."""
    return command.startswith(ANSWERS)
