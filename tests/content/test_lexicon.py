"""The words that stand for each other: written once, known to the stemmer, and none of them a small word."""

from __future__ import annotations

from content.lexicon import EQUAL, FORMS, groups
from content.stems import EQUALS, NEGATIONS, STOP_WORDS, bare_stem, stem


def test_a_group_has_two_words_or_more_and_no_small_one() -> None:
    for group in [*groups(FORMS), *groups(EQUAL)]:
        assert len(group) == len(set(group)) >= 2, group
        assert not (STOP_WORDS | NEGATIONS).intersection(group), group
        assert all(word == word.lower() and word.isalnum() for word in group), group


def test_forms_of_a_word_are_one_and_need_to_be_told() -> None:
    for group in groups(FORMS):
        assert {stem(word) for word in group} == {stem(group[0])}, group
        assert len({bare_stem(word) for word in group}) > 1, group


def test_no_form_belongs_to_two_words() -> None:
    forms = [form for group in groups(FORMS) for form in group]
    assert len(forms) == len(set(forms))


def test_no_group_is_written_twice() -> None:
    written = [frozenset(group) for group in groups(EQUAL)]
    assert len(written) == len(set(written))


def test_equality_holds_both_ways_and_goes_no_further_than_its_line() -> None:
    assert all(each in EQUALS[other] for each, others in EQUALS.items() for other in others)
    assert stem("cost") in EQUALS[stem("price")]
    assert stem("chunk") in EQUALS[stem("split")]
    assert stem("chunk") in EQUALS[stem("passage")]
    assert stem("passage") not in EQUALS[stem("split")]
