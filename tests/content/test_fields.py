"""Aliases and unchecked sources: how they are read, checked and written."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.anki import write_anki
from content.checking import TOPIC_LENGTH, check_deck
from content.deck import Deck, Fault, Question
from content.importing import import_deck
from content.reading import parse_deck
from content.tables import write_table
from content.writing import render_deck

FORM = "## Why?\n\n{}\n\n**Answer:**\nSo.\n"


def read(fields: str) -> tuple[Deck, tuple[Fault, ...]]:
    return parse_deck(FORM.format(fields), Path("d.md"))


def only(fields: str) -> Question:
    deck, faults = read(fields)
    assert faults == ()
    return deck.questions[0]


def test_aliases_are_parted_by_commas_and_each_stands_once() -> None:
    assert only("- aliases: KV cache,  rlhf , KV cache").aliases == ("KV cache", "rlhf")


def test_a_question_has_no_alias_and_checked_sources_unless_its_fields_say_so() -> None:
    question = only("- topic: x")
    assert (question.aliases, question.source_checked) == ((), True)


def test_a_question_may_say_that_its_sources_are_unchecked() -> None:
    assert not only("- source checked: no").source_checked
    assert only("- source checked: yes").source_checked


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("- aliases: a,, b", "an alias without a word"),
        ("- aliases: a,", "an alias without a word"),
        ("- source checked: maybe", "`source checked` is `maybe`"),
    ],
)
def test_a_slip_in_the_fields_is_named_with_its_line(field: str, problem: str) -> None:
    _, (fault,) = read(field)
    assert (fault.line, fault.problem, fault.fatal) == (3, problem, False)


@pytest.mark.parametrize(
    ("alias", "fatal"), [('say "hi"', True), ("a" * (TOPIC_LENGTH + 1), True), ("a" * TOPIC_LENGTH, False)]
)
def test_an_alias_can_be_typed_in_a_command_and_shown_in_a_choice(alias: str, fatal: bool) -> None:
    deck, _ = read(f"- aliases: {alias}")
    assert [fault.fatal for fault in check_deck(deck)] == [True] * fatal


LINKS = (
    FORM.format("- id: why")
    + "\n**References:**\n- [A](https://a.org)\n- [B](https://b.org) (Source checked: no)\n"
)


def test_a_source_may_say_that_nobody_has_read_it() -> None:
    deck, faults = parse_deck(LINKS, Path("d.md"))
    assert faults == ()
    assert [each.checked for each in deck.questions[0].references] == [True, False]
    assert [each.url for each in deck.questions[0].unchecked] == ["https://b.org"]


def test_the_mark_of_a_source_is_written_and_read_again_and_changes_no_question() -> None:
    deck, _ = parse_deck(LINKS, Path("d.md"))
    written = render_deck(deck)
    assert "- [A](https://a.org)\n- [B](https://b.org) (source checked: no)\n" in written
    again = import_deck(write_table([deck]), Path("d.csv")).deck
    assert [each.checked for each in again.questions[0].references] == [True, False]
    read, _ = parse_deck(LINKS.replace(" (Source checked: no)", ""), Path("d.md"))
    whole, _ = parse_deck(LINKS.replace("- id: why", "- id: why\n- source checked: no"), Path("d.md"))
    assert read.questions[0] == deck.questions[0] == whole.questions[0]


def test_the_mark_of_a_source_is_in_no_note_for_a_learner() -> None:
    assert "checked" not in write_anki([parse_deck(LINKS, Path("d.md"))[0]])


def test_the_fields_are_written_as_they_were_read() -> None:
    deck, _ = read("- id: why\n- aliases: a b, c\n- source checked: no")
    written = render_deck(deck)
    assert "- aliases: a b, c\n- source checked: no" in written
    assert parse_deck(written, deck.path)[0].questions[0].aliases == ("a b", "c")


def test_a_fault_of_a_key_point_is_named_at_its_own_line() -> None:
    deck, _ = parse_deck(
        FORM.format("- id: why") + "\n**Key points:**\n- so\n- thus = thus it\n", Path("d.md")
    )
    (fault,) = check_deck(deck)
    assert (fault.line, fault.fix.split("lacks ")[1]) == (10, "`thus`")


def test_words_that_stand_apart_in_the_answer_satisfy_no_key_point() -> None:
    text = "## Why?\n\n**Answer:**\nIt divides. The logits fall.\n\n**Key points:**\n- divides logits\n"
    (fault,) = check_deck(parse_deck(text, Path("d.md"))[0])
    assert fault.problem.endswith(
        "no alternative whose words stand together in one sentence of the reference answer"
    )
