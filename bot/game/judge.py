"""Who finds key points in an answer: the matcher, or a model that the operator lets llmq ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from content.coverage import Finding
from content.deck import KeyPoint


class JudgeAway(Exception):
    """The judge cannot tell just now, so the matcher does. `str` says why, without the answer's words."""


class Judge(Protocol):
    """Finds key points in an answer as `content.coverage.coverage` does, at a place that members are told."""

    @property
    def model(self) -> str: ...

    @property
    def host(self) -> str: ...

    async def findings(self, prompt: str, points: Sequence[KeyPoint], answer: str) -> tuple[Finding, ...]:
        """For each point in its order the words of the answer that say it. Raises JudgeAway."""
        ...
