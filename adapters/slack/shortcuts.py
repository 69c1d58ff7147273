"""What Slack's own menu of shortcuts offers: each does a command, in a window of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One of them: its name has 24 characters at most, its description 150."""

    id: str
    name: str
    description: str
    command: str

    @property
    def wire(self) -> dict[str, str]:
        """As the manifest has it."""
        return {
            "name": self.name,
            "type": "global",
            "callback_id": self.id,
            "description": self.description,
        }


SHORTCUTS = {
    one.id: one
    for one in (
        Shortcut("llmq_practise", "Practise a question", "A question on LLMs, for you alone", "random"),
        Shortcut("llmq_review", "Review what is due", "What you are likely to forget soon", "review"),
    )
}
