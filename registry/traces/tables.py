"""The narrow tables that every record becomes, whoever wrote it and in whatever form."""

from typing import Literal

Kind = Literal["text", "whole", "real"]
"""What a column holds; a whole number of -1 stands for none, as an absent text does."""

TABLES: dict[str, dict[str, Kind]] = {
    "spans": {
        "trace": "text",
        "span": "text",
        "parent": "text",
        "began": "whole",
        "ended": "whole",
        "shape": "whole",
    },
    "calls": {
        "trace": "text",
        "span": "text",
        "began": "whole",
        "embeds": "whole",
        "model": "text",
        "input": "whole",
        "cached": "whole",
        "output": "whole",
        "odd": "whole",
    },
    "slices": {
        "trace": "text",
        "span": "text",
        "root": "whole",
        "field": "text",
        "value": "text",
    },
    "contents": {"trace": "text", "span": "text", "attribute": "text", "kind": "text"},
    "scores": {
        "trace": "text",
        "span": "text",
        "began": "whole",
        "metric": "text",
        "value": "real",
        "label": "text",
    },
}
"""Each table's columns. Times are instants in µs since the beginning of the year 1970.

`spans` has one row a span; its `shape` says what kinds it is of and what it carries. `calls` are
calls of models, with their tokens, and 1 as `odd` where a count of these is no number; `slices` the
values by which spending is split; `contents` what was found that belongs in no trace, by attribute
and never by value; `scores` what was judged.
"""

NONE = -1
"""What stands for an absent whole number."""


def quoted(value: str) -> str:
    """Write a text as SQL has it."""
    return "'" + value.replace("'", "''") + "'"


NO_MODEL = "(no model)"
"""What stands in the place of the name of a model that a call does not say."""
