"""Objectives that are promised elsewhere, as those of a registry, with the metrics they are of."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from registry.deployed.model import ServiceLevel, Where
from registry.output.yaml import Json, YamlEntry

_WINDOW = re.compile(r"(?:[1-9][0-9]*[wdhm])+")


class DraftedObjective(NamedTuple):
    """The names of an objective, the best first, its entry, and that of its metric.

    The reference to the metric is for whoever knows its id.
    """

    names: tuple[str, ...]
    objective: YamlEntry
    metric: YamlEntry


def objectives(
    levels: tuple[ServiceLevel, ...], place: Callable[[Where], str]
) -> Iterator[DraftedObjective]:
    """Draft each objective, once."""
    for one in dict.fromkeys(levels):
        fields: dict[str, Json] = {}
        aside = []
        if one.target is not None:
            fields["target"] = {"at_least": f"{one.target}%"}
        else:
            aside.append("its target is not told")
        if one.window is not None and _WINDOW.fullmatch(one.window):
            fields["window"] = one.window
        elif one.window is not None:
            aside.append(f"its window `{one.window}` has no words here")
        metric: dict[str, Json] = {"bucket": "reliability", "response": "analytics"}
        if one.title:
            metric["definition"] = one.title
        confirm = ("`bucket`, `response`, and what is measured",)
        yield DraftedObjective(
            (f"{one.service}-{one.name}" if one.service else one.name, one.name),
            YamlEntry(fields, place(one.where), tuple(aside)),
            YamlEntry(metric, place(one.where), confirm),
        )
