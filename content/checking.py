"""What a deck must keep to beyond its form, and which decks may be asked from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from content.alternatives import missing_words
from content.coverage import coverage
from content.deck import Deck, Fault, KeyPoint, Question, Report
from content.names import TEAM_DECK
from content.prose import prose
from content.reading import Reading, parse_deck, read_decks, read_text
from content.words import normalised, words

# Discord offers decks and topics as choices, whose names hold 100 characters; a topic also shares its line.
TITLE_LENGTH = 100
TOPIC_LENGTH = 40
# The question leads every message about it, and must leave room for the rest on a telephone's screen.
PROMPT_LENGTH = 300
# One section block of Slack holds 3,000 characters.
ANSWER_LENGTH = 3000
# Discord's message holds 4,000 characters: the answer, and beside it what is left.
PITFALL_LENGTH = 1000
LABEL_LENGTH = 100
MOST_KEY_POINTS = 10

# Those of Latin, Chinese and Japanese, Arabic, Greek and Armenian script.
QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u037e", "\u055e")
CLOSING = " *_`\"')\u201d\u2019\u00bb"
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def check_deck(deck: Deck) -> tuple[Fault, ...]:
    """The faults of a deck that could be read."""
    report = Report(deck.path)
    if not LANGUAGE.fullmatch(deck.language):
        report.add(1, f"`{deck.language}` is not a language tag", "write one such as `en` or `pt-BR`")
    if deck.id == TEAM_DECK:
        report.add(1, f"`{TEAM_DECK}` is the id of each team's own questions", "give another id", fatal=True)
    check_length(report, 1, "the deck's title", deck.title, TITLE_LENGTH)
    check_duplicates(deck, report)
    check_follow_ups(deck, report)
    for question in deck.questions:
        check_question(question, report)
        check_coverage(question, report)
    return report.in_order()


def fatal_faults(deck: Deck) -> Iterator[Fault]:
    """The faults for which a deck is not loaded. Whether answers meet their key points is not among them."""
    report = Report(deck.path)
    check_length(report, 1, "the deck's title", deck.title, TITLE_LENGTH)
    check_follow_ups(deck, report)
    for question in deck.questions:
        check_question(question, report)
    return (fault for fault in report.in_order() if fault.fatal)


def check_decks(paths: Iterable[Path], today: date) -> tuple[Fault, ...]:
    """Every fault of every file, and the questions whose review is due."""
    decks, faults = read_decks(paths)
    own = (fault for deck in decks for fault in check_deck(deck))
    return in_order([*faults, *own, *shared_questions(decks), *reviews_due(decks, today)])


def checked(text: str, path: Path) -> tuple[Deck, tuple[Fault, ...]]:
    """The deck of a file's text, and its faults, those for which it is not loaded among them."""
    deck, faults = parse_deck(text, path)
    return deck, (*faults, *fatal_faults(deck))


def read_checked(path: Path) -> Reading:
    """The deck of a file, as `checked`."""
    text = read_text(path)
    return (None, (text,)) if isinstance(text, Fault) else checked(text, path)


def load_decks(
    paths: Iterable[Path], read: Callable[[Path], Reading] = read_checked
) -> tuple[tuple[Deck, ...], tuple[Fault, ...]]:
    """The decks that can be asked from, and the fatal faults that keep the others out."""
    decks, faults = read_decks(paths, read)
    fatal = in_order(fault for fault in faults if fault.fatal)
    refused = {fault.path for fault in fatal}
    return tuple(deck for deck in decks if deck.path not in refused), fatal


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """File by file in the order they were met, each from its top to its end."""
    faults = list(faults)
    files = {path: n for n, path in enumerate(dict.fromkeys(fault.path for fault in faults))}
    return tuple(sorted(faults, key=lambda fault: (files[fault.path], fault.line)))


def check_length(report: Report, line: int, what: str, text: str, most: int) -> None:
    """What is too long for the platforms could not be posted, so it is fatal."""
    if len(text) > most:
        problem = f"{what} has {len(text):,} characters"
        report.add(line, problem, f"shorten it to {most:,}", fatal=True)


def check_duplicates(deck: Deck, report: Report) -> None:
    """The same words count as the same question, however they are set."""
    first: dict[str, Question] = {}
    for question in deck.questions:
        other = first.setdefault(normalised(question.prompt) or question.prompt, question)
        if other is not question:
            problem = f"the same question as in line {other.line}"
            report.add(question.line, problem, "delete one of the two, or ask for something else")


def shared_questions(decks: Iterable[Deck]) -> Iterator[Fault]:
    """Questions that another deck asks too: they are asked from the first deck alone."""
    first: dict[str, Deck] = {}
    for deck in decks:
        for question in deck.questions:
            other = first.setdefault(normalised(question.prompt) or question.prompt, deck)
            if other is not deck:
                problem = f"the same question is in {other.path.name}, and is asked from there"
                yield Fault(deck.path, question.line, problem, "delete one of the two")


def reviews_due(decks: Iterable[Deck], today: date) -> Iterator[Fault]:
    """Questions that their authors wanted looked at again before today."""
    for deck in decks:
        for question in deck.questions:
            if question.review_by and question.review_by < today:
                problem = f"`{question.id}` was to be reviewed by {question.review_by}"
                fix = "check it against its sources, then set a later date"
                yield Fault(deck.path, question.line, problem, fix)


def check_follow_ups(deck: Deck, report: Report) -> None:
    """A follow-up of nothing, or of something later, could never be asked in its turn."""
    earlier: set[str] = set()
    all_ids = {question.id for question in deck.questions}
    for question in deck.questions:
        followed = question.follow_up_of
        if followed and followed not in earlier:
            later = followed in all_ids
            problem = (
                f"follows `{followed}`, which {'does not come before it' if later else 'is not in this deck'}"
            )
            fix = "move it below that question" if later else "write the id of a question above it"
            report.add(question.line, problem, fix, fatal=True)
        earlier.add(question.id)


def check_question(question: Question, report: Report) -> None:
    line = question.line
    if question.prompt and not question.prompt.rstrip(CLOSING).endswith(QUESTION_MARKS):
        fix = "ask it in one sentence that ends in a question mark"
        report.add(line, f"a heading that is not a question: `{shortened(question.prompt)}`", fix)
    check_length(report, line, "the question", question.prompt, PROMPT_LENGTH)
    check_length(report, line, "the topic", question.topic, TOPIC_LENGTH)
    check_names(question, report)
    check_length(report, line, "the answer", question.answer, ANSWER_LENGTH)
    check_length(report, line, "the pitfall", question.pitfall, PITFALL_LENGTH)
    check_key_points(question, report)
    for reference in question.references:
        if not is_web_link(reference.url):
            problem = f"the reference `{shortened(reference.title)}` links to `{shortened(reference.url)}`"
            report.add(line, problem, "link to a page whose address begins with `https://`")


def check_names(question: Question, report: Report) -> None:
    """A command names a topic or an alias in double quotes, and a choice shows it on one line."""
    for alias in question.aliases:
        check_length(report, question.line, f"the alias `{shortened(alias)}`", alias, TOPIC_LENGTH)
    for what, name in (("topic", question.topic), *(("alias", alias) for alias in question.aliases)):
        if '"' in name:
            problem = f"the {what} `{name}` has a double quote, so no command could name it"
            report.add(question.line, problem, "write it without", fatal=True)


def check_key_points(question: Question, report: Report) -> None:
    if len(question.key_points) > MOST_KEY_POINTS:
        problem = f"{len(question.key_points)} key points"
        report.add(question.line, problem, f"keep the {MOST_KEY_POINTS} that matter most", fatal=True)
    for point in question.key_points:
        for problem, fix in point_faults(point):
            add_to_point(report, question, point, problem, fix)


def check_coverage(question: Question, report: Report) -> None:
    """Each key point should be found in the reference answer."""
    found = coverage(question.key_points, prose(question.answer)) if question.answer else ()
    for point, finding in zip(question.key_points, found, strict=False):
        if not finding.found:
            add_to_point(report, question, point, *unmet(point, question))


def add_to_point(report: Report, question: Question, point: KeyPoint, problem: str, fix: str) -> None:
    report.add(point.line or question.line, f"the key point `{shortened(point.label)}` {problem}", fix)


def point_faults(point: KeyPoint) -> Iterator[tuple[str, str]]:
    """What is wrong with a key point in itself."""
    if len(point.label) > LABEL_LENGTH:
        yield f"has {len(point.label):,} characters", f"shorten it to {LABEL_LENGTH}"
    for alternative in point.alternatives:
        if not words(alternative):
            yield f"has the alternative `{alternative}` without a word", "write it in words"


def unmet(point: KeyPoint, question: Question) -> tuple[str, str]:
    """Which words an answer lacks that meets none of a point's alternatives, or that they stand apart."""
    missing = min((missing_words(each, question.answer) for each in point.alternatives), key=len)
    if missing:
        fix = f"add an alternative in the answer's own words, or the answer lacks `{' '.join(missing)}`"
        return "has no alternative whose words are all in the reference answer", fix
    fix = "add an alternative in words that stand together in the answer"
    return "has no alternative whose words stand together in one sentence of the reference answer", fix


def is_web_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def shortened(text: str, most: int = 60) -> str:
    """The text's beginning, on one line."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
