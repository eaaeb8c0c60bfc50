"""Four patterns by which a system comes to be nobody's, read from the signs and the findings.

The figures and the names of the patterns are those of the article that named the signs ("Your AI
Observability Problem Is Probably Not Technical", April 2026).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from registry.assess.answer import AskedSign, Evidence
from registry.assess.sign import Verdict
from registry.diagnostic import Diagnostic
from registry.model.ownership import Layer
from registry.workspace.workspace import Workspace

PLACES = 3
"""Places of one rule that a pattern names."""


class AskedPattern(NamedTuple):
    """A pattern, whether it is there, and what shows it: places of true signs and of findings."""

    id: str
    title: str
    verdict: Verdict
    because: str
    evidence: tuple[Evidence, ...]


class _Pattern(NamedTuple):
    """A pattern: there if one of the signs is true, or a finding decides it.

    `layer` is the layer whose row's findings by `decides` do so; where it is None, any does.
    `shows` are rules whose findings only bear it out.
    """

    id: str
    title: str
    signs: tuple[str, ...]
    decides: frozenset[str]
    shows: frozenset[str]
    layer: str | None = None


_NOBODY = frozenset({"OM101", "OM102", "OM103", "OM105"})
"""A row that is not there, or that names nobody in particular."""

_PATTERNS = (
    _Pattern(
        "diffuse-ownership",
        "Diffuse ownership: every part may have somebody, and the whole has nobody.",
        ("unclear-quality-owner",),
        _NOBODY,
        frozenset({"OM102", "OM103", "OM104", "OM105", "OM117"}),
        "whole-system",
    ),
    _Pattern(
        "pager-gap",
        "Pager gap: a server wakes a person, a change of behaviour wakes nobody who can read it.",
        ("no-reader-on-call", "dashboard-without-operator"),
        frozenset({"OM315"}),
        frozenset({"OM204", "OM214", "OM315"}),
    ),
    _Pattern(
        "runbook-absence",
        "Runbook absence: whoever is called about behaviour begins with an empty page.",
        ("no-behavioural-runbook",),
        frozenset(),
        frozenset({"OM401", "OM210", "OM402"}),
    ),
    _Pattern(
        "cost-without-an-owner",
        "Cost without an owner: many see the bill, and bringing it down is nobody's task.",
        ("cost-read-too-late",),
        _NOBODY | {"OM113"},
        frozenset({"OM113", "OM221", "OM710"}),
        "cost",
    ),
)


def patterns(
    workspace: Workspace, signs: Iterable[AskedSign], findings: Iterable[Diagnostic]
) -> tuple[AskedPattern, ...]:
    """Say of each pattern whether it is there; `findings` are those of the production pack."""
    asked, found = {one.id: one for one in signs}, tuple(findings)
    return tuple(_asked(workspace, one, asked, found) for one in _PATTERNS)


def _asked(
    workspace: Workspace,
    pattern: _Pattern,
    signs: Mapping[str, AskedSign],
    findings: tuple[Diagnostic, ...],
) -> AskedPattern:
    own = [signs[one] for one in pattern.signs]
    true = [one for one in own if one.verdict is Verdict.TRUE]
    deciding = [one for one in findings if _decides(workspace, pattern, one)]
    if true or deciding:
        because = "; ".join([*(one.because for one in true), *_messages(deciding)])
        shown = [one for one in findings if one in deciding or one.code in pattern.shows]
        places = [*(place for one in true for place in one.evidence), *_places(shown)]
        evidence = {(one.file, one.line, one.message): one for one in places}
        return AskedPattern(
            pattern.id, pattern.title, Verdict.TRUE, because, tuple(evidence.values())
        )
    apply = [one for one in own if one.verdict is not Verdict.FOREIGN]
    unsure = [one for one in apply if one.verdict is Verdict.UNKNOWN]
    verdict = Verdict.UNKNOWN if unsure else Verdict.FALSE if apply else Verdict.FOREIGN
    because = "; ".join(dict.fromkeys(one.because for one in unsure or apply or own))
    return AskedPattern(pattern.id, pattern.title, verdict, because, ())


def _decides(workspace: Workspace, pattern: _Pattern, found: Diagnostic) -> bool:
    if found.code not in pattern.decides:
        return False
    if pattern.layer is None or found.entity is None:
        return True
    row = workspace.all(Layer).get(found.entity[1])
    return pattern.layer in {found.entity[1], *(row.covers if row else ())}


def _messages(findings: Iterable[Diagnostic]) -> list[str]:
    return list(dict.fromkeys(one.message for one in findings))[:PLACES]


def _places(findings: Iterable[Diagnostic]) -> Iterator[Evidence]:
    seen: dict[str, int] = {}
    for one in findings:
        seen[one.code] = seen.get(one.code, 0) + 1
        if seen[one.code] <= PLACES:
            line, column = one.primary.at.start
            yield Evidence(one.message, one.entity, one.primary.location.file, line, column)
