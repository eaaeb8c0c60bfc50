"""What a change does, as facts to read: a line each, the gravest first.

The forms for people are made of these, so that all of them say the same.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from registry.compare.difference import RegistryDifference
from registry.compare.names import Names
from registry.compare.ownership import OwnershipChange
from registry.compare.paging_facts import MORE, NOBODY, OTHERS, PagingFacts
from registry.compare.sentence import Fact, Id, Name, Sentence, ids, row
from registry.compare.telemetry import TelemetryChange
from registry.diagnostic import Diagnostic, Severity
from registry.model.sections import SECTIONS
from registry.paging.charge import owning_meaning

_NO_OPERATOR = "Nobody may flip a kill switch"
_UNOWNED = "Nobody owns"
_ERRORS = "New errors"
_MOVED = "Somebody else owns"
_OPERATORS = "Others may flip a kill switch"
_GREW = "Telemetry keeps or shows more"
_FINDINGS = "New warnings and notes"
_RENAMED = "Renamed, and the same in all else"
_GONE = "Findings that are gone"

HEADINGS = (
    NOBODY, _NO_OPERATOR, _UNOWNED, _ERRORS, OTHERS, _MOVED, _OPERATORS, _GREW, _FINDINGS, MORE,
    _RENAMED, _GONE,
)  # fmt: skip
"""What facts stand under, the gravest first."""


def facts(found: RegistryDifference, zone: str | None = None) -> list[tuple[str, list[Sentence]]]:
    """Return the facts of a difference under their headings; times are told as `PagingFacts` does.

    A heading without a fact is left out.
    """
    told = list(_Facts(found, zone).all())
    return [
        (heading, [one.sentence for one in told if one.heading == heading])
        for heading in HEADINGS
        if any(one.heading == heading for one in told)
    ]


class _Facts:
    def __init__(self, found: RegistryDifference, zone: str | None) -> None:
        before, after = (side.opened.workspace for side in (found.before, found.after))
        self.found = found
        self.names = Names(before, after, {one[:2] for one in found.renamed})
        self.paging = PagingFacts(found, self.names, zone)

    def all(self) -> Iterator[Fact]:
        yield from self.paging.all()
        yield from self._owners()
        yield from self._switches()
        yield from map(self._telemetry, self.found.telemetry)
        for finding in self.found.findings.new:
            grave = finding.severity is Severity.ERROR
            yield Fact(_ERRORS if grave else _FINDINGS, _finding(finding))
        for one in self.found.renamed:
            yield Fact(
                _RENAMED,
                (Id(f"{one.section}/{one.old}"), " is now ", Id(f"{one.section}/{one.new}")),
            )
        for finding in self.found.findings.gone:
            yield Fact(_GONE, _finding(finding))

    # -- owners ----------------------------------------------------------------------------------

    def _owners(self) -> Iterator[Fact]:
        """Yield a fact for all that goes from one person to another, section by section."""
        for _, group in groupby(self.found.ownership, key=_alike):
            yield self._owner(list(group))

    def _owner(self, found: Sequence[OwnershipChange]) -> Fact:
        first = found[0]
        what = _things(first.section, [one.id for one in found])
        does = f" {owning_meaning(first.section)} "
        before, after = (self._person(one) for one in (first.before, first.after))
        if first.kind == "lost" and first.before is None:
            return Fact(_UNOWNED, (f"nobody{does}", *what, ", new", *_why(first)))
        if first.kind == "lost":
            return Fact(_UNOWNED, (f"nobody{does}", *what, *_why(first), "; before: ", *before))
        if first.kind == "moved":
            return Fact(_MOVED, (*after, does, *what, " in place of ", *before))
        if first.kind == "gone":
            return Fact(_MOVED, (*what, _is(found), " gone; until now: ", *before))
        new = ", new" if first.kind == "new" else "; before: nobody"
        return Fact(MORE, (*after, does, *what, new))

    def _person(self, person: str | None) -> Sentence:
        return (Name(self.names.apart(person)),) if person else ("nobody",)

    # -- switches --------------------------------------------------------------------------------

    def _switches(self) -> Iterator[Fact]:
        """Yield facts about switches; those that lose, or win, the same people share one."""
        lost: dict[tuple[str, ...], list[str]] = {}
        won: dict[tuple[str, ...], list[str]] = {}
        for one in self.found.switches:
            named = ("the new " if one.is_new else "", Id(one.id))
            if one.nobody:
                when = self.paging.when(one.nobody, one.zone)
                yield Fact(_NO_OPERATOR, ("nobody may flip ", *named, f": {when}"))
            if one.is_gone:
                gone = (Id(one.id), " is gone; until now it was there for ")
                yield Fact(_OPERATORS, (*gone, *self._people(one.lost)))
            elif one.lost:
                lost.setdefault(one.lost, []).append(one.id)
            if one.won:
                won.setdefault(one.won, []).append(one.id)
        for people, switches in lost.items():
            said = (*self._people(people), " may no longer flip ", *ids(switches))
            yield Fact(_OPERATORS, said)
        for people, switches in won.items():
            yield Fact(MORE, (*self._people(people), " may now flip ", *ids(switches)))

    def _people(self, people: Sequence[str]) -> Sentence:
        return row([Name(self.names.apart(one)) for one in people]) if people else ("nobody",)

    # -- telemetry -------------------------------------------------------------------------------

    def _telemetry(self, one: TelemetryChange) -> Fact:
        heading = _GREW if one.way == "grew" else MORE
        what = (f"the {SECTIONS[one.section].noun} ", Id(one.id))
        if isinstance(one.before, tuple) and isinstance(one.after, tuple):
            sets = (one.before, one.after) if one.way == "shrank" else (one.after, one.before)
            more = [person for person in sets[0] if person not in sets[1]]
            says = " may now be read by " if one.way == "grew" else " may no longer be read by "
            return Fact(heading, (*what, says, *self._people(more)))
        said = [Id(side) if isinstance(side, str) else "nothing said" for side in
                (one.before, one.after)]  # fmt: skip
        return Fact(heading, (*what, f": {one.field} ", said[1], ", before: ", said[0]))


def _alike(one: OwnershipChange) -> tuple[object, ...]:
    return one.kind, one.section, one.before, one.after, one.why


def _things(section: str, found: Sequence[str]) -> Sentence:
    kind = SECTIONS[section]
    several = kind.name.replace("_", " ") if kind.name.endswith("s") else f"{kind.noun}s"
    return (f"the {several if len(found) > 1 else kind.noun} ", *ids(found))


def _is(found: Sequence[object]) -> str:
    return " is" if len(found) == 1 else " are"


def _why(one: OwnershipChange) -> Sentence:
    return (" (", Name(one.why), ")") if one.why else ()


def _finding(found: Diagnostic) -> Sentence:
    """Say a finding in a line, with its place."""
    place = f"{found.primary.location.file}:{found.primary.at.start.line}"
    return (f"{found.code} {found.name}: ", Name(found.message), " (", Name(place), ")")
