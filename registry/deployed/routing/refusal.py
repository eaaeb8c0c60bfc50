"""Why a text was not understood: a value, for a wrong text is a user's mistake."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """What is wrong with a text, and from which character on, counted from 0."""

    reason: str
    offset: int = 0
