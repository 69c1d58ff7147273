"""A clock that moves only when a test moves it."""

from tests.fakes.slack.clock import START, Clock

__all__ = ["START", "Clock"]
