"""A reader of deployed configuration: what a module of `deployed/readers/` hands over."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from registry.deployed.model import Deployed
from registry.source.foreign import Value


class Reader(NamedTuple):
    """A reader of deployed configuration.

    `option` is the flag that names its files (`rules` for `--rules`), `name` what `init --from`
    takes. A text is divided into documents once, for every reader; `recognizes` says whether one of
    them is this reader's, for files that no flag names, and `read` takes those that are, with the
    file's shown name. A reader of other texts than YAML and JSON has `read_text` instead, and
    `recognizes_name` for the file's name. What it cannot read it says in `not_read`; it raises
    nothing on any input.
    """

    name: str
    option: str
    summary: str
    recognizes: Callable[[Value], bool] = lambda _: False
    read: Callable[[str, Sequence[Value]], Deployed] | None = None
    recognizes_name: Callable[[str], bool] = lambda _: False
    read_text: Callable[[str, str], Deployed] | None = None
