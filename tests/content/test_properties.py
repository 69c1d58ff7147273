"""What holds for any text: it is read without an error, faults lie within it, and writing loses nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from content.adapting import marked
from content.checking import check_deck
from content.deck import Deck, Question
from content.importing import Form, import_deck
from content.names import QUESTION_ID_LENGTH, is_id, slug
from content.reading import parse_deck
from content.tables import write_table
from content.writing import render_deck

PATH = Path("deck.md")
SNIPPETS = """\
# Title|## Why?|## 1. 2. C #|##|---|===|***|**Answer:**|**Answer:** text|**Answer:** ## text|**Answer:** ---
**Answer:** **Pitfall:**|**Key points:**|**Pitfall:**|**References:**|**Pitfall:** text|- id: a|- id: A b
- aliases: a, b c|- topic: x:y|- source checked: no
- level: hard|- level: steep|- follow-up of: a|- review by: 2027-01-02|- own experience: yes
- a = b|- = b|- a =|- <https://x.y>|- [t](http://x.y/a_(b)?q=1&amp;amp;c)|- [a*b* `c` \\] &lt;](<https://x y>)
```|~~~|    ## code|    text|2. two|1. one|> quote|> ```|- ```|<!--|-->|<div>|<b>|<script>|- item|  - nested
[r]: http://z|- [r]: b|*(Adapt)*|*(Customize|this)* more|text|`open|&copy;|\\|""".replace("\n", "|").split(
    "|"
)
ODD = [
    "",
    "",
    "  ",
    "- a = b | P(y|x)",
    "- a | b",
    "\t- x",
    "\x07\x00",
    "\u2028",
    "\x85",
    "\xa0",
    "لماذا؟",
    "\ud800",
]

line = st.one_of(st.sampled_from(SNIPPETS), st.sampled_from(ODD), st.text(max_size=8))
some_lines = st.lists(line, max_size=6)
answer_label = st.sampled_from([["**Answer:**", "text"], ["**Answer:** text"], ["**Answer:**"]])
deck_lines = st.tuples(some_lines, st.just(["## Why?"]), some_lines, answer_label, some_lines, some_lines)
texts = st.tuples(deck_lines, st.sampled_from(["\n", "\r\n"])).map(
    lambda drawn: drawn[1].join(line for part in drawn[0] for line in part)
)


def bare(deck: Deck) -> Deck:
    """The deck without what depends on where its text stood."""
    questions = tuple(replace(question, line=0, has_own_id=True) for question in deck.questions)
    return replace(deck, questions=questions)


@given(st.one_of(texts, st.text()))
def test_any_text_is_read_and_every_fault_lies_within_it(text: str) -> None:
    deck, faults = parse_deck(text, PATH)
    last_line = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for fault in (*faults, *check_deck(deck)):
        assert 1 <= fault.line <= last_line
        assert "\n" not in str(fault)
        assert fault.problem
        assert fault.fix


def imported(question: Question) -> Question:
    """The question as an import gives it: with an id in its file, and free of a note to adapt it."""
    return replace(marked(question), line=0, has_own_id=True)


@given(texts)
def test_a_deck_that_is_written_reads_as_it_was(text: str) -> None:
    deck, faults = parse_deck(text, PATH)
    if not any(fault.fatal for fault in faults):
        again, new_faults = parse_deck(render_deck(deck), PATH)
        assert bare(again) == bare(deck)
        assert not any(fault.fatal for fault in new_faults)


@given(texts)
def test_an_import_keeps_every_question(text: str) -> None:
    deck, faults = parse_deck(text, PATH)
    again = import_deck(text, PATH, Form.MARKDOWN).deck
    if not any(fault.fatal for fault in faults):
        assert [question.prompt for question in again.questions] == [
            question.prompt for question in deck.questions
        ]


@given(texts)
def test_a_deck_without_faults_survives_a_table(text: str) -> None:
    deck, faults = parse_deck(text, PATH)
    if not faults:
        again = import_deck(write_table([deck]), PATH.with_suffix(".csv")).deck
        assert [replace(each, line=0) for each in again.questions] == list(map(imported, deck.questions))


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(Form))
def test_whatever_is_imported_reads_as_it_was_written(first: str, second: str, form: Form) -> None:
    for text in (
        f"{first}\n{second}",
        f"1. {first}\n{second}\n2. x",
        f'"{first}","{second}"',
        f"{first}\t{second}",
    ):
        deck = import_deck(text, PATH, form).deck
        again, _ = parse_deck(render_deck(deck), PATH)
        assert [each.prompt for each in again.questions] == [each.prompt for each in deck.questions]


@given(texts)
def test_every_question_has_an_id_of_its_own(text: str) -> None:
    deck, faults = parse_deck(text, PATH)
    ids = [question.id for question in deck.questions]
    assert all(is_id(id, QUESTION_ID_LENGTH) for id in ids)
    assert len(set(ids)) == len(ids) or any("is used twice" in fault.problem for fault in faults)


@given(st.text(), st.integers(1, 40))
def test_a_slug_is_an_id_or_empty(text: str, length: int) -> None:
    made = slug(text, length)
    assert made == "" or is_id(made, length)
