"""How the questions of a deck are read from its outline."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from content.deck import Question, Report
from content.fields import (
    QUESTION_FIELDS,
    Fields,
    aliases_of,
    level_of,
    own_experience_of,
    question_id_of,
    read_fields,
    review_by_of,
    source_checked_of,
)
from content.names import free_id
from content.outline import Heading, Label, Outline, opening_list
from content.sections import Parts, part_texts, read_key_points, read_references, split_labels

NUMBER = re.compile(r"(?:\d+[.)](?:\s+|$))*")
QUESTION_FORM = "write `## What …?`, and under it `**Answer:**` at the start of a line and then the answer"
NOT_A_RULE = " (or, if no question was meant, leave an empty line above the `---`)"
ANSWER_FORM = "write `**Answer:**` at the start of a line under the question, and then the answer"


def read_questions(found: Outline, report: Report) -> tuple[Question, ...]:
    """A question for each second-level heading; the next one or a rule ends it."""
    prompts = {heading.start: heading for heading in found.headings if heading.level == 2}
    borders = sorted({*prompts, *found.rules})
    labels = labels_between(borders, found.labels)
    ends = dict(pairwise([*borders, len(found.lines)]))
    questions = [
        read_question(found, heading, labels.pop(start, []), ends[start], report)
        for start, heading in prompts.items()
    ]
    for label in (label for strays in labels.values() for label in strays):
        fix = "put it under a `## ` heading, with no rule (`---`) between"
        report.add(label.line + 1, f"`**{label.shown}:**` belongs to no question", fix)
    if not questions:
        report.add(1, "no question in this file", QUESTION_FORM, fatal=True)
    return with_ids(questions, report)


def labels_between(borders: list[int], labels: Iterable[Label]) -> dict[int, list[Label]]:
    """The labels by the border above them, -1 for none."""
    below: defaultdict[int, list[Label]] = defaultdict(list)
    for label in labels:
        above = bisect_right(borders, label.line)
        below[borders[above - 1] if above else -1].append(label)
    return dict(below)


def read_question(
    found: Outline, heading: Heading, labels: list[Label], end: int, report: Report
) -> Question:
    """The question from its heading to the line `end`, its id empty where it has none of its own."""
    parts = split_labels(labels, report)
    texts = part_texts(found.lines, parts, end)
    check_form(heading, texts, parts, report)
    fields = read_question_fields(
        found, heading, min((part.line for part in parts.values()), default=end), report
    )
    topic = fields.get("topic")
    follow_up = fields.get("follow-up of")
    key_points, references = parts.get("key points"), parts.get("references")
    return Question(
        id=question_id_of(fields, report) or "",
        prompt=prompt_of(heading),
        answer=texts.get("answer", ""),
        topic=topic.value if topic else "general",
        level=level_of(fields, report),
        follow_up_of=follow_up.value if follow_up else None,
        review_by=review_by_of(fields, report),
        own_experience=own_experience_of(fields, report),
        key_points=read_key_points(texts["key points"], key_points.line + 1, report) if key_points else (),
        pitfall=texts.get("pitfall", ""),
        references=read_references(texts["references"], references.line + 1, report) if references else (),
        aliases=aliases_of(fields, report),
        source_checked=source_checked_of(fields, report),
        line=heading.start + 1,
    )


def prompt_of(heading: Heading) -> str:
    """The heading without a number before it."""
    return NUMBER.sub("", heading.text, count=1)


def check_form(heading: Heading, texts: dict[str, str], parts: Parts, report: Report) -> None:
    """What a question cannot be without."""
    if not prompt_of(heading):
        report.add(heading.start + 1, "a heading without a question", QUESTION_FORM, fatal=True)
    if "answer" not in parts:
        fix = f"{ANSWER_FORM}{NOT_A_RULE if heading.underlined else ''}"
        report.add(heading.start + 1, "a question without an answer", fix, fatal=True)
    elif not texts["answer"]:
        report.add(
            parts["answer"].line + 1, "an empty answer", "write the answer under `**Answer:**`", fatal=True
        )
    if "pitfall" in parts and not texts["pitfall"]:
        report.add(
            parts["pitfall"].line + 1,
            "an empty pitfall",
            "write it under `**Pitfall:**`, or delete the label",
        )


def read_question_fields(found: Outline, heading: Heading, end: int, report: Report) -> Fields:
    """The fields under a question; other text between it and its answer would be shown nowhere."""
    text, start = opening_list(found.lines, heading.end, end)
    below = start + (len(text.split("\n")) if text else 0)
    stray = next((number for number in range(below, end) if found.lines[number].strip()), None)
    if stray is not None and end < len(found.lines):
        report.add(
            stray + 1, "text between a question and its answer", "move it into the question or the answer"
        )
    return read_fields(text, start, QUESTION_FIELDS, report)


def with_ids(questions: Iterable[Question], report: Report) -> tuple[Question, ...]:
    """The questions, each with an id; those made here give way to those written in the file."""
    questions = list(questions)
    taken: set[str] = set()
    for question in questions:
        if question.id and question.id in taken:
            fix = "give this question another id; keep the first one's, for it may have been asked under it"
            report.add(question.line, f"the id `{question.id}` is used twice", fix, fatal=True)
        taken.add(question.id)
    used: Counter[str] = Counter()
    return tuple(question if question.id else nameless(question, taken, used) for question in questions)


def nameless(question: Question, taken: set[str], used: Counter[str]) -> Question:
    """The question with an id made from its heading."""
    id = free_id(question.prompt, taken, used)
    taken.add(id)
    return replace(question, id=id, has_own_id=False)
