"""The one exception whose words are meant for a person."""


class Refusal(Exception):
    """Something a person can mend. The text says what is wrong and what to do next, and is shown as it is."""
