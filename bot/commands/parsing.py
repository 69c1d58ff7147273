"""What a command is, and how typed words become one: the parser, its completions and its usage text."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Literal, get_args

from bot.errors import Refusal
from bot.game.catalogue import Catalogue
from bot.game.judge import Judge
from bot.messages import Reply
from bot.platform import Platform
from bot.requests import Request
from bot.store.store import Store
from bot.wording import as_code, did_you_mean, nearest

# `9:00 pm` is one word.
TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\d{1,2}([:.]\d{2})? ?[ap]m\b|\S+', re.IGNORECASE)
# `Bosnia and Herzegovina`.
MOST_WORDS_OF_A_NAME = 4
# No command with words of its own is longer, and most answers are.
LONGEST_MEANT = 60
# Phones turn straight quotes into these; each is one character, so positions in the text stay the same.
SMART_QUOTES = str.maketrans("“”„«»", '"' * 5)


@dataclass(frozen=True)
class Game:
    """What the commands play with. `wake` tells the scheduler of this process that something became due."""

    store: Store
    catalogue: Catalogue
    clock: Callable[[], datetime]
    rng: random.Random
    platforms: Mapping[str, Platform]
    wake: Callable[[], None]
    judge: Judge | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A command as called: who and where, the arguments that were given, and when.

    `meant` is the command that its text, given for an answer, is word for word.
    """

    request: Request
    words: Mapping[str, str]
    now: datetime
    meant: str = ""

    @property
    def moment(self) -> tuple[datetime, str]:
        """When it was done, and the request's id where no platform told that: a repeat is known by it."""
        return self.request.at or self.now, "" if self.request.at else self.request.id


Handler = Callable[[Game, Call], Awaitable[Reply]]
# The parts of help. The last is for admins.
Chapter = Literal["play", "learn", "standing", "admin"]
CHAPTERS: tuple[Chapter, ...] = get_args(Chapter)
Choices = Callable[[Catalogue], tuple[str, ...]]


def no_choices(_: Catalogue) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. Required ones come first, in order; optional ones take the first word that fits them.

    `values` are the only words it takes; `choices` depend on the decks. Either are completed and suggested;
    `accepts` says which words fit where that is more than those.
    `many` takes several words, a line for each; `rest` takes all that is left, as it was typed. One with
    `most` is a whole number from 1 to that. One that is
    `announced` stands after its own name, and is shown by that word. A hidden one is for buttons. Where a
    platform can, it may be given as a `file` instead, whose help this is.
    """

    name: str
    help: str
    values: tuple[str, ...] = ()
    choices: Choices = no_choices
    accepts: Callable[[str], bool] | None = None
    optional: bool = True
    many: bool = False
    rest: bool = False
    most: int = 0
    announced: str = ""
    hidden: bool = False
    file: str = ""

    def fits(self, word: str, catalogue: Catalogue) -> str | None:
        """The word as the command wants it, or None."""
        if self.rest:
            return word
        if self.accepts:
            return word if self.accepts(word) else None
        if self.most:
            return word if word.isdecimal() and 1 <= int(word[:9]) <= self.most else None
        folded = word.casefold()
        return next((choice for choice in self.offered(catalogue) if choice.casefold() == folded), None)

    def offered(self, catalogue: Catalogue) -> tuple[str, ...]:
        """The words to complete and to suggest."""
        return self.values or self.choices(catalogue)

    def knows(self, word: str, catalogue: Catalogue) -> bool:
        """Whether a word can hardly be meant for anything else."""
        if offered := self.offered(catalogue):
            return word.casefold() in map(str.casefold, offered)
        return not self.rest and self.fits(word, catalogue) is not None

    def completed(self, catalogue: Catalogue, *, named: bool) -> tuple[str, ...]:
        """What may be typed now: of an announced argument first its name."""
        return (self.name,) if self.announced and not named else self.offered(catalogue)

    @property
    def usage(self) -> str:
        shown = f"{self.name} {self.announced}" if self.announced else "|".join(self.values) or self.name
        return f"[{shown}{'…' if self.many else ''}]" if self.optional else shown.upper()


@dataclass(frozen=True, slots=True)
class Command:
    """One command: declared once, and all that platforms and help say of it follows from this.

    One that is `of_team` is for admins of the whole team; `reviewers` may do it, too, whom they let settle
    suggestions. What one of an admin does is noted, unless it only `shows`. `words` are arguments that it may
    be given: its example has them. A few that are called most need no decks: they never look whether the
    team's own questions have changed. One that `searches` takes any word behind its alias.
    """

    name: str
    help: str
    handler: Handler
    arguments: tuple[Argument, ...] = ()
    admin: bool = False
    of_team: bool = False
    reviewers: bool = False
    hidden: bool = False
    shows: bool = False
    alias: str = ""
    chapter: Chapter = "play"
    words: str = ""
    needs_decks: bool = True
    searches: bool = False

    @property
    def is_for_members(self) -> bool:
        """Whether others than admins may do it."""
        return self.reviewers or not self.admin

    @property
    def who(self) -> str:
        """Who may do it."""
        return "admins, reviewers" if self.reviewers else "admins" if self.admin else "everyone"

    def is_group(self, name: str) -> bool:
        """Whether a name of it is the first word of others, too: such an alias stands alone."""
        return self.name.startswith(f"{name.casefold()} ") and not self.searches

    @property
    def first_word(self) -> str:
        return self.name.split()[0]

    @property
    def example(self) -> str:
        """The command as somebody may type it."""
        return f"/llmq {self.name} {self.words}".rstrip()

    @property
    def usage(self) -> str:
        """`/llmq` with the command's name and what it takes, for who reads all of it at a desk."""
        shown = [argument.usage for argument in self.arguments if not argument.hidden]
        return " ".join(("/llmq", self.name, *shown))


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a quoted phrase, and where it starts in the text."""

    word: str
    start: int


def tokens_of(text: str) -> Iterator[Token]:
    """The words of a text, one by one: of an answer only the first are looked at."""
    for match in TOKEN.finditer(text.translate(SMART_QUOTES)):
        yield Token(match[0] if match["quoted"] is None else match["quoted"], match.start())


class CommandTable:
    """The commands by name, and the way from text to one of them."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self.commands = tuple(commands)
        self._by_name = {
            name: command for command in commands for name in (command.name, command.alias) if name
        }
        self.names = tuple(command.name for command in commands if not command.hidden)
        self._first_words = tuple(dict.fromkeys(name.split()[0] for name in self.names))

    def find(self, name: str) -> Command | None:
        return self._by_name.get(name.casefold())

    def group(self, first: str) -> tuple[Command, ...]:
        """The shown commands whose names begin with a word."""
        return tuple(one for one in self.commands if one.first_word == first and not one.hidden)

    def chapter(self, chapter: str) -> tuple[Command, ...]:
        """The shown commands of a part of help."""
        return tuple(one for one in self.commands if one.chapter == chapter and not one.hidden)

    def parse(self, text: str, catalogue: Catalogue) -> tuple[Command, Mapping[str, str]]:
        """The command that a text means, and its arguments. Raises a refusal with the nearest right words."""
        tokens = tokens_of(text)
        first = list(islice(tokens, 3)) or [Token("start", 0)]
        command, length = self._begun([token.word for token in first])
        if command is None:
            raise self._unknown([token.word for token in first])
        return command, bind(command, text, chain(first[length:], tokens), catalogue)

    def named(self, text: str) -> Command | None:
        """The command whose name a text begins with."""
        return self._begun([token.word for token in islice(tokens_of(text), 3)] or ["start"])[0]

    def _begun(self, first: Sequence[str]) -> tuple[Command | None, int]:
        """The command that the first three words name, and how many of them its name takes."""
        for length in (2, 1):
            name = " ".join(first[:length])
            command = self.find(name)
            # `daily foo` is a mistyped `daily off`, not `daily status` with a word.
            if command and (length == len(first) or not command.is_group(name)):
                return command, length
        return None, 0

    def meant_by(self, text: str, catalogue: Catalogue) -> str:
        """The text where it is a command without `/llmq`, word for word; nothing where it may be prose."""
        line = text.strip()
        if len(line) > LONGEST_MEANT or "\n" in line or not line:
            return ""
        try:
            command, words = self.parse(line, catalogue)
        except Refusal:
            return ""
        known = {one.name: one for one in command.arguments}
        given = ((known[name], word) for name, one in words.items() for word in one.split("\n"))
        exact = not command.hidden and all(one.knows(word, catalogue) for one, word in given)
        return line if exact else ""

    def _unknown(self, words: list[str]) -> Refusal:
        first = words[0].casefold()
        group = tuple(one.name for one in self.group(first))
        if group and len(words) > 1:
            near = nearest(" ".join(words[:2]), group)
            return Refusal(
                f"`{first}` has no {as_code(words[1])}.{did_you_mean(near)} See `/llmq help {first}`."
            )
        if group:
            return Refusal(f"`{first}` needs one more word: {', '.join(f'`{name}`' for name in group)}.")
        near = nearest(words[0], self._first_words)
        return Refusal(f"There is no command {as_code(words[0])}.{did_you_mean(near)} See `/llmq help`.")

    def complete(self, typed: str, catalogue: Catalogue) -> list[str]:
        """What the last, perhaps empty, word of a half-typed text may become."""
        words = [token.word for token in tokens_of(typed)]
        last = "" if not words or typed[-1:].isspace() else words.pop()
        command = self.find(" ".join(words[:2])) or self.find(" ".join(words[:1])) if words else None
        offered = self._next_words(words) if not command or command.alias in words[:1] else []
        if command:
            announced = announced_by(command, words[-1])
            shown = [announced] if announced else [one for one in command.arguments if not one.hidden]
            offered += [
                choice for one in shown for choice in one.completed(catalogue, named=one is announced)
            ]
        folded = last.casefold().removeprefix('"')
        fitting = dict.fromkeys(word for word in offered if word.casefold().startswith(folded))
        return [f'"{word}"' if " " in word else word for word in fitting]

    def _next_words(self, words: list[str]) -> list[str]:
        if not words:
            return list(self._first_words)
        return [name.split()[1] for name in self.names if " " in name and words == [name.split()[0]]]


def bind(command: Command, text: str, tokens: Iterator[Token], catalogue: Catalogue) -> dict[str, str]:
    """The arguments by name. Raises a refusal for a missing one and for a word that fits none."""
    bound: dict[str, str] = {}
    for argument in (one for one in command.arguments if not one.optional):
        token = next(tokens, None)
        bound[argument.name] = fitting(command, argument, token, catalogue)
        if argument.rest and token:
            return bound | {argument.name: text[token.start :]}
    while token := next(tokens, None):
        if announced := announced_by(command, token.word):
            value, tokens = widened((announced,), tokens, catalogue)
            bound[announced.name] = fitting(command, announced, value, catalogue)
            continue
        value, tokens = widened(free_of(command, bound), chain((token,), tokens), catalogue)
        argument, word = choose(command, value or token, bound, catalogue)
        if argument.rest:
            return bound | {argument.name: text[token.start :]}
        bound[argument.name] = f"{bound[argument.name]}\n{word}" if argument.name in bound else word
    return bound


def widened(
    arguments: Sequence[Argument], tokens: Iterator[Token], catalogue: Catalogue
) -> tuple[Token | None, Iterator[Token]]:
    """The next words as far as they make a name that fits (`United Kingdom`), and those behind them."""
    first = next(tokens, None)
    if first is None or any(one.fits(first.word, catalogue) for one in arguments):
        return first, tokens
    ahead = list(islice(tokens, MOST_WORDS_OF_A_NAME - 1))
    for n in range(1, len(ahead) + 1):
        words = " ".join(token.word for token in (first, *ahead[:n]))
        if any(one.fits(words, catalogue) for one in arguments):
            return Token(words, first.start), chain(ahead[n:], tokens)
    return first, chain(ahead, tokens)


def free_of(command: Command, bound: Mapping[str, str]) -> tuple[Argument, ...]:
    """The optional arguments that a word may still be given to without their names."""
    return tuple(
        one
        for one in command.arguments
        if one.optional and not one.announced and (one.many or one.name not in bound)
    )


def announced_by(command: Command, word: str) -> Argument | None:
    """The argument whose name a word is, where that name stands before it."""
    return next((one for one in command.arguments if one.announced and one.name == word.casefold()), None)


def fitting(command: Command, argument: Argument, token: Token | None, catalogue: Catalogue) -> str:
    """The word that a certain argument is given. Raises a refusal when it is missing or does not fit."""
    word = argument.fits(token.word, catalogue) if token else None
    if word is None:
        raise misfit(command, argument, token, catalogue)
    return word


def choose(
    command: Command, token: Token, bound: Mapping[str, str], catalogue: Catalogue
) -> tuple[Argument, str]:
    """The first optional argument, not given yet, that a word fits: people name them in any order."""
    for argument in free_of(command, bound):
        word = argument.fits(token.word, catalogue)
        if word is not None:
            return argument, word
    raise given_twice(command, token, bound, catalogue) or misfit(command, None, token, catalogue)


def given_twice(
    command: Command, token: Token, bound: Mapping[str, str], catalogue: Catalogue
) -> Refusal | None:
    """What to say of a word that would fit an argument which another word has taken already."""
    for argument in reversed(command.arguments):
        shown = argument.optional and not argument.hidden
        if shown and argument.name in bound and argument.fits(token.word, catalogue):
            first, second = as_code(bound[argument.name]), as_code(token.word)
            return Refusal(f"`{argument.name}` is named twice: {first} and {second}.")
    return None


def misfit(command: Command, argument: Argument | None, token: Token | None, catalogue: Catalogue) -> Refusal:
    """What to say of a word that fits no argument, or of an argument that is missing."""
    if command.hidden:
        return Refusal("That button belongs to something older. `/llmq help` lists what can be done.")
    example = f"Type it like `{command.example}`."
    if token is None:
        wanted_word = f": {argument.help}" if argument else ""
        return Refusal(f"`{command.name}` needs one more word{wanted_word}. {example}")
    numbers = [f"`{one.name}` from 1 to {one.most}" for one in command.arguments if one.most]
    if numbers and token.word.isdecimal():
        return Refusal(f"{as_code(token.word)} is out of range: {', '.join(numbers)}. {example}")
    free = [one for one in command.arguments if not one.announced and not one.hidden]
    # Who types the name of an argument, as `sources`, is told what stands there.
    argument = argument or next((one for one in free if one.name == token.word.casefold()), None)
    wanted = [argument] if argument else free
    known = tuple(choice for one in wanted for choice in one.offered(catalogue))
    hint = "" if argument and argument.name == token.word else did_you_mean(nearest(token.word, known))
    is_short = argument is not None or all(one.values for one in free)
    takes = f" It takes {'; '.join(one.help for one in wanted)}." if wanted and is_short else ""
    return Refusal(f"`{command.name}` cannot use {as_code(token.word)}.{hint}{takes} {example}")
