"""Decks that change between two starts: ids stay, versions grow, nothing is asked twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from bot.game.catalogue import Catalogue, Entry, Item, read_shelf, restock, write_shelf
from content.deck import Deck, Level, Question
from tests.dialogue import catalogue_of, deck, question


def ids(items: Iterable[Item]) -> list[str]:
    return [item.id for item in items]


def nameless(prompt: str, answer: str = "", id: str = "") -> Question:
    """A question whose file gives it no id, so that its prompt gives it one."""
    made = id or prompt.casefold().replace(" ", "-").rstrip("?")
    return Question(made, prompt, answer or f"The answer to {prompt}", has_own_id=False)


ONE, TWO = nameless("What is one?"), nameless("What is two?")


def reload(*readings: Deck) -> dict[str, Entry]:
    """The shelf after these readings of a deck, one after the other."""
    shelf: dict[str, Entry] = {}
    for reading in readings:
        shelf = restock(read_shelf(write_shelf(shelf)), reading)
    return shelf


def test_a_new_deck_is_loaded_as_its_first_version() -> None:
    shelf = reload(deck(ONE, TWO))
    assert [(id, entry.version, entry.retired) for id, entry in shelf.items()] == [
        ("what-is-one", 1, False),
        ("what-is-two", 1, False),
    ]


def test_loading_the_same_deck_again_changes_nothing() -> None:
    assert reload(deck(ONE, TWO), deck(ONE, TWO)) == reload(deck(ONE, TWO))


def test_moving_a_question_within_its_file_is_no_change() -> None:
    assert reload(deck(ONE), deck(replace(ONE, line=77))) == reload(deck(ONE))


def test_a_reworded_heading_keeps_its_id() -> None:
    reworded = nameless("What is one, really?", answer=ONE.answer)
    shelf = reload(deck(ONE, TWO), deck(reworded, TWO))
    assert shelf["what-is-one"].question.prompt == "What is one, really?"
    assert shelf["what-is-one"].version == 2
    assert set(shelf) == {"what-is-one", "what-is-two"}


def test_a_changed_answer_keeps_its_id_and_gets_the_next_version() -> None:
    shelf = reload(deck(ONE), deck(replace(ONE, answer="Better.")), deck(replace(ONE, answer="Best.")))
    assert shelf["what-is-one"].version == 3
    assert shelf["what-is-one"].question.answer == "Best."


def test_a_changed_level_is_a_new_version_too() -> None:
    assert reload(deck(question(1)), deck(replace(question(1), level=Level.HARD)))["q1"].version == 2


def test_a_question_with_an_id_of_its_own_may_change_altogether() -> None:
    changed = replace(question(1), prompt="Something else?", answer="Something else.")
    shelf = reload(deck(question(1)), deck(changed))
    assert shelf == {"q1": Entry(changed, version=2)}


def test_a_removed_question_is_retired_and_asked_no_more() -> None:
    shelf = reload(deck(ONE, TWO), deck(TWO))
    assert shelf["what-is-one"] == Entry(ONE, 1, retired=True)
    assert set(Catalogue([(deck(TWO), shelf)]).items) == {"basics/what-is-two"}


def test_a_question_that_comes_back_is_the_one_it_was() -> None:
    assert reload(deck(ONE, TWO), deck(TWO), deck(ONE, TWO)) == {
        "what-is-two": Entry(TWO),
        "what-is-one": Entry(ONE),
    }


def test_a_removed_question_that_comes_back_reworded_keeps_its_id() -> None:
    reworded = nameless("What is one, really?", answer=ONE.answer)
    shelf = reload(deck(ONE, TWO), deck(TWO), deck(reworded, TWO))
    assert shelf["what-is-one"] == Entry(replace(reworded, id="what-is-one"), 2)


def test_a_question_that_is_given_another_id_stays_the_one_it_was() -> None:
    renamed = replace(question(1), id="better-name")
    shelf = reload(deck(question(1), question(2)), deck(renamed, question(2)))
    assert set(shelf) == {"q1", "q2"}
    assert not shelf["q1"].retired


def test_of_two_questions_the_one_with_the_same_words_keeps_the_id() -> None:
    reworded = nameless("What was one?", answer=ONE.answer)
    shelf = reload(deck(ONE), deck(reworded, ONE))
    assert shelf["what-is-one"].question.prompt == ONE.prompt
    assert shelf["what-was-one"].question.prompt == "What was one?"


def test_a_new_question_never_takes_the_id_of_another() -> None:
    other = nameless("What is one??", answer="Another matter.", id="what-is-one")
    shelf = reload(deck(ONE), deck(ONE, other))
    assert shelf["what-is-one"].question == ONE
    assert shelf["what-is-one-2"].question.prompt == "What is one??"


def test_two_questions_that_swap_their_places_keep_their_ids() -> None:
    assert reload(deck(ONE, TWO), deck(TWO, ONE)) == reload(deck(ONE, TWO))


@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), unique_by=lambda one: one[0])))
def test_whatever_becomes_of_a_deck_no_id_is_lost_and_no_version_falls(
    readings: list[list[tuple[int, int]]],
) -> None:
    shelf: dict[str, Entry] = {}
    for reading in readings:
        questions = (nameless(f"What is {n}?", f"Answer {n} in wording {wording}") for n, wording in reading)
        after = restock(shelf, deck(*questions))
        assert set(after) >= set(shelf)
        assert all(after[id].version >= entry.version for id, entry in shelf.items())
        assert {id for id, entry in after.items() if not entry.retired} == {
            f"what-is-{n}" for n, _ in reading
        }
        shelf = after


def test_a_follow_up_is_offered_for_practice_after_its_question() -> None:
    pairs = [(question(n), replace(question(n + 1), follow_up_of=f"q{n}")) for n in range(0, 20, 2)]
    words = " ".join(catalogue_of(deck(*chain.from_iterable(pairs))).candidates()).split()[::2]
    assert all(words.index(f"basics/q{n}") < words.index(f"basics/q{n + 1}") for n in range(0, 20, 2))


def test_a_question_that_two_decks_hold_is_asked_from_the_first() -> None:
    same = replace(question(0), id="other", prompt="What is **subject number 0** good for?")
    catalogue = catalogue_of(deck(question(0)), deck(same, question(1), id="more"))
    assert list(catalogue.items) == ["basics/q0", "more/q1"]


def test_the_catalogue_finds_by_topic_and_level_and_chooses_by_deck_or_topic() -> None:
    easy = replace(question(1), topic="prompting", level=Level.EASY)
    catalogue = catalogue_of(deck(easy, question(3)), deck(question(2), id="more"))
    every = [item.candidate for item in catalogue.items.values()]
    assert sorted(catalogue.candidates()) == sorted(every)
    assert catalogue.candidates("prompting", "easy") == (every[0],)
    assert catalogue.candidates("prompting", "hard") == catalogue.candidates("no such topic") == ()
    assert ids(catalogue.chosen(("more",))) == ["more/q2"]
    assert ids(catalogue.chosen(("more", "prompting"))) == ["basics/q1", "more/q2"]
    assert ids(catalogue.chosen(())) == ["basics/q1", "basics/q3", "more/q2"]
    assert ids(catalogue.chosen(("no such deck",))) == []


def test_decks_and_topics_are_named_once_in_their_order() -> None:
    catalogue = catalogue_of(deck(question(0), question(3)), deck(question(1), question(4), id="more"))
    assert catalogue.sources == ("basics", "more", "attention", "prompting")
