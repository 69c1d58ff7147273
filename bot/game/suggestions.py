"""A question that a member suggests: as it was typed, what is wrong with it, and how it joins a deck."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha1
from pathlib import Path

from pydantic import TypeAdapter

from bot.game.schedule import NEVER, Moment
from bot.wording import as_code
from content.alternatives import missing_words
from content.checking import LABEL_LENGTH, check_question, is_web_link
from content.coverage import coverage
from content.deck import KeyPoint, Question, Reference, Report
from content.prose import prose
from content.words import words

FEWEST_POINTS, MOST_POINTS = 3, 5
NO_FILE = Path()
GENERAL = "general"
# No character of an address that ends a link of Markdown.
ADDRESS = re.compile(r"https?://[^\s()<>\[\]\\\"'`]+", re.IGNORECASE)
# A topic stands in commands and in sentences.
TOPIC = re.compile(r"[^\W_]+(?:[ -][^\W_]+)*")
# What stands for moments, channels and commands in llmq's own words.
OWN_MARKS = re.compile("[\ue000-\ue00f]")
# What Markdown reads as a mark anywhere, and what it does at the start of a line.
MARKS = re.compile(r"([\\`*_\[\]<>~&])")
ESCAPED = re.compile(r"\\([\\`*_\[\]<>~&.)\-+=:#|@])")
# A cell of a table that begins with `=`, `+`, `-` or `@` is a formula to programs that open one.
AT_START = re.compile(r"^(\d{1,9})([.)])|^([-+=:#|@])")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A member's question as typed, a key point a line. `at`: when it was sent.

    `named`: the reveal says who suggested it.
    """

    member: str
    name: str
    prompt: str
    answer: str
    points: str
    source: str
    topic: str
    at: Moment = NEVER
    id: str = ""
    named: bool = True


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a field of the form, in a sentence."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Who suggested a question of the team's deck, beside it and not in it, so that it can be erased.

    `name` is said at the reveal; empty where the author wants that. `suggestion` is the id that it had.
    """

    member: str
    name: str
    suggestion: str


STORED = TypeAdapter(Suggestion)
CREDIT = TypeAdapter(Credit)


def read_suggestion(stored: str) -> Suggestion:
    return STORED.validate_json(stored)


def write_suggestion(suggestion: Suggestion) -> str:
    return STORED.dump_json(suggestion).decode()


def write_credit(credit: Credit) -> str:
    return CREDIT.dump_json(credit).decode()


def ids_of(member: str) -> str:
    """How the ids of a member's suggestions begin. Nothing secret hangs on them."""
    return sha1(member.encode(), usedforsecurity=False).hexdigest()[:8]


def id_for(member: str, *texts: str) -> str:
    """The same for the same texts, so that what is sent twice is one suggestion."""
    letters = "\0".join(texts).encode()
    return ids_of(member) + sha1(letters, usedforsecurity=False).hexdigest()[:8]


def one_line(text: str) -> str:
    return " ".join(OWN_MARKS.sub("", text).split())


def lines_of(points: str) -> list[str]:
    """Key points, each on its line or behind a semicolon, without the mark of a list before it."""
    lines = (one_line(line).lstrip("-*•=+@ ") for line in re.split(r"[\n;]", points))
    return [line for line in lines if line]


def as_markdown(text: str) -> str:
    """A member's text as Markdown that shows it as typed: nothing in it is formatted or linked."""
    lines = (line.strip() for line in OWN_MARKS.sub("", text).split("\n"))
    return "\n".join(AT_START.sub(start_escaped, MARKS.sub(r"\\\1", line)) for line in lines)


def as_typed(markdown: str) -> str:
    """What a text was before it became Markdown that shows it as typed."""
    return ESCAPED.sub(r"\1", markdown)


def is_plain(question: Question) -> bool:
    """Whether a question's text was typed in a form, so that nothing in it is formatted."""
    return all(as_markdown(as_typed(text)) == text for text in (question.prompt, question.answer))


def written_in(question: Question) -> Suggestion:
    """A question as it stands in a form."""
    show = as_typed if is_plain(question) else str
    return Suggestion(
        member="",
        name="",
        prompt=show(question.prompt),
        answer=show(question.answer),
        points="\n".join(point.label for point in question.key_points),
        source=question.references[0].url if question.references else "",
        topic=question.topic,
    )


def changed(before: Question, written: Suggestion) -> Question:
    """A question as a form has it now; what no form shows stays."""
    after = question_of(written, before.id)
    known = {point.label: point for point in before.key_points}
    sources = [one.url for one in before.references[:1]]
    if not is_plain(before):
        after = replace(after, prompt=one_line(written.prompt), answer=written.answer.strip())
    return replace(
        before,
        prompt=after.prompt,
        answer=after.answer,
        topic=after.topic,
        key_points=tuple(known.get(point.label, point) for point in after.key_points),
        references=before.references if [written.source.strip()] == sources else after.references,
    )


def start_escaped(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}"


def host_of(address: str) -> str:
    """What stands for an address: its host."""
    return address.partition("://")[2].partition("/")[0] or address


def is_address(text: str) -> bool:
    """Whether a text is one address of the web, which is shown as a link."""
    return ADDRESS.fullmatch(text) is not None and is_web_link(text)


def question_of(suggestion: Suggestion, id: str = "") -> Question:
    """The question as it stands in the team's deck."""
    source = suggestion.source.strip()
    return Question(
        id=id,
        prompt=as_markdown(one_line(suggestion.prompt)),
        answer=as_markdown(suggestion.answer.strip()),
        topic=one_line(suggestion.topic) or GENERAL,
        key_points=tuple(KeyPoint(label, (label,)) for label in lines_of(suggestion.points)),
        references=(Reference(host_of(source), source),) if source else (),
    )


def troubles(suggestion: Suggestion) -> Iterator[Trouble]:
    """Everything that is wrong with a suggestion; without any it may stand in a deck."""
    return troubles_of(question_of(suggestion))


def troubles_of(question: Question) -> Iterator[Trouble]:
    """Everything that is wrong with a question from a form."""
    if not words(question.prompt):
        yield Trouble("question", "Write a question.")
    if not words(question.answer):
        yield Trouble("answer", "Write an answer.")
    yield from checked("question", "Question", Question("", question.prompt, ""))
    yield from checked("answer", "Answer", Question("", "", question.answer))
    yield from point_troubles(question)
    if question.references and not is_address(question.references[0].url):
        yield Trouble("source", "Source: write one address that begins with https://.")
    yield from checked("topic", "Topic", Question("", "", "", topic=question.topic))
    if not TOPIC.fullmatch(question.topic):
        yield Trouble("topic", "Topic: use letters and digits, with spaces or hyphens between words.")


def checked(field: str, label: str, part: Question) -> Iterator[Trouble]:
    """What the check of decks says of a part of a question."""
    report = Report(path=NO_FILE)
    check_question(part, report)
    for fault in report.faults:
        yield Trouble(field, f"{label}: {fault.fix}.")


def point_troubles(question: Question) -> Iterator[Trouble]:
    points = question.key_points
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        yield Trouble("points", f"Key points: write {FEWEST_POINTS} to {MOST_POINTS}, one a line.")
        return
    findings = coverage(points, prose(question.answer))
    for n, (point, found) in enumerate(zip(points, findings, strict=True), start=1):
        if len(point.label) > LABEL_LENGTH:
            yield Trouble("points", f"Key point {n}: shorten it to {LABEL_LENGTH} characters.")
        elif not words(point.label):
            yield Trouble("points", f"Key point {n}: write it in words.")
        elif not found.found:
            yield Trouble("points", f"Key point {n}: {lacking(point, question)}")


def lacking(point: KeyPoint, question: Question) -> str:
    """Why a key point is not found in the answer."""
    missing = missing_words(point.label, question.answer)
    if missing:
        return f"the answer lacks {as_code(' '.join(missing))}. Use the answer's own words."
    return "its words stand in no one sentence of the answer. Use words that stand together there."
