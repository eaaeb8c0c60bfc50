"""What the forms for people say alike: the title, the counts, and what is to be noted."""

from collections import Counter
from collections.abc import Iterator

from registry.checks.totals import short_sighted
from registry.compare.difference import RegistryDifference
from registry.compare.facts import HEADINGS
from registry.compare.paging import PagingKind
from registry.compare.sentence import Sentence
from registry.diagnostic import Severity
from registry.wording import counted

MOST = 50
"""Facts of one heading that are told; alerts to which the same happens are one fact."""


def told_of(heading: str, told: list[Sentence]) -> list[Sentence]:
    """Return the facts of a heading that are told: of pages that reach nobody, all of them."""
    return told if heading == HEADINGS[0] else told[:MOST]


def title(found: RegistryDifference) -> str:
    """Say what is compared."""
    name = found.after.result.registry
    return f"What changes in {name} from {found.before.name} to {found.after.name}"


def summary(found: RegistryDifference) -> Iterator[str]:
    """Yield one line: what is gravest, counted; or that nothing changes."""
    if found.is_empty:
        yield "Nothing changes in who owns, who is paged, what is kept, and what is found."
        return
    nobody = _counts(found, {"nobody"})
    others = _counts(found, {"others", "timing", "gone"})
    owners = Counter(one.kind for one in found.ownership)
    severities = Counter(one.severity for one in found.findings.new)
    counts = [
        (nobody["alerts"], "alert", " paging nobody at some time"),
        (nobody["schedules"], "schedule", " with nobody at some time"),
        (owners["lost"], "owner", " lost"),
        *((severities[level], f"new {level.value}", "") for level in Severity),
        (others["alerts"], "alert", " paging somebody else"),
        (others["schedules"], "schedule", " with somebody else"),
        (owners["moved"] + owners["gone"], "owner", " changed"),
        (sum(one.way == "grew" for one in found.telemetry), "place", " where more is kept or read"),
        (len(found.renamed), "entity", " renamed"),
        (len(found.findings.gone), "finding", " gone"),
    ]
    told = [f"{counted(number, noun)}{rest}" for number, noun, rest in counts if number]
    yield ", ".join(told) or "Only what is new, or better than before."


def _counts(found: RegistryDifference, kinds: set[PagingKind]) -> Counter[str]:
    """Count the alerts and the schedules of which a page changes in one of these ways."""
    named = {(one.section, one.id) for one in found.paging if one.kind in kinds}
    return Counter(section for section, _ in named)


def notes(found: RegistryDifference) -> Iterator[str]:
    """Yield what keeps an answer from being whole, and what explains it."""
    if found.by_policy:
        comes = "comes" if found.by_policy == 1 else "come"
        yield f"{counted(found.by_policy, 'new finding')} {comes} of the changed policy"
    for doubt in found.doubts:
        yield f"not certain, and left out: {doubt}"
    short = short_sighted(found.after.result)
    if short is not None:
        yield short
