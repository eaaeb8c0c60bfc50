"""What relabelling does to an alert before it is sent, where its labels are known in part.

Each step is that of Prometheus' `model/relabel`; what a step does not decide leaves every outcome
open, so that what is said to be certain is so.
"""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import NamedTuple

from registry.deployed.model import Matcher, Relabel
from registry.deployed.routing.labels import (
    ABSENT,
    ANYTHING,
    Known,
    Labels,
    condition,
    domain,
)
from registry.deployed.routing.pattern import Pattern, expanded, literals, pattern, plainly

_EVERYTHING = frozenset({"(.*)", ".*", "^(.*)$", "^.*$", "(?s).*", "(?s)(.*)"})
_WHOLE = frozenset({"$1", "${1}"})
_MOST = 64
"""Values, or their combinations, that are tried one by one."""


class Sent(NamedTuple):
    """What is known of an alert's labels as it is sent, and whether it is not sent at all.

    `dropped` is None where only some series are; `by` is the step that drops them.
    """

    labels: Labels
    dropped: bool | None = False
    by: Relabel | None = None


def relabelled(labels: Labels, steps: Sequence[Relabel], asked: Iterable[str]) -> Sent:
    """Take an alert through steps of relabelling; `asked` are the labels that matter afterwards."""
    if not steps:
        return Sent(labels)
    named = dict.fromkeys(
        (*asked, *(one for step in steps for one in (*step.sources, step.target)))
    )
    known = {**{one: labels.of(one) for one in named if one}, **labels.known}
    found = Sent(labels._replace(known=known))
    for step in steps:
        found = _step(found, step)
        if found.dropped is True:
            return found
    return found


def together(labels: Sequence[Labels]) -> Labels:
    """Say what is known of labels that are one of several, as different servers send them."""
    if len(labels) == 1:
        return labels[0]
    named = dict.fromkeys(label for one in labels for label in one.known)
    others = {one.others for one in labels}
    return Labels(
        {label: either([one.of(label) for one in labels]) for label in named},
        others.pop() if len(others) == 1 else ANYTHING,
    )


def either(known: Sequence[Known]) -> Known:
    """Say what is known of a label that is one of several."""
    if len(set(known)) == 1:
        return known[0]
    found: dict[str, None] = {}
    for one in known:
        values = domain(one).values
        if values is None or len(found) + len(values) > _MOST:
            return ANYTHING
        found.update(dict.fromkeys(sorted(values)))
    return _one_of(list(found))


def _one_of(values: list[str]) -> Known:
    if len(values) == 1:
        return Known(values[0])
    from registry.deployed.model import Where

    text = "|".join(map(plainly, values))
    return Known(None, (Matcher("", "=~", text, Where("")),))


# -- steps -------------------------------------------------------------------------------------


def _step(sent: Sent, step: Relabel) -> Sent:
    match step.action:
        case "drop" | "keep" | "dropequal" | "keepequal":
            return _filtered(sent, step)
        case "labeldrop" | "labelkeep":
            return sent._replace(labels=_without(sent.labels, step))
        case "labelmap":
            return sent._replace(labels=_mapped(sent.labels, step))
        case _:
            return sent._replace(labels=_replaced(sent.labels, step))


def _filtered(sent: Sent, step: Relabel) -> Sent:
    is_equal = step.action.endswith("equal")
    holds = _same(sent.labels, step) if is_equal else _matches(sent.labels, step)
    wanted = step.action.startswith("keep")
    if holds is None:
        dropped = None
        by = sent.by or step
        return Sent(
            sent.labels if is_equal else _left(sent.labels, step, wanted=wanted), dropped, by
        )
    if holds is wanted:
        return sent
    return Sent(sent.labels, dropped=True, by=step)


def _left(labels: Labels, step: Relabel, *, wanted: bool) -> Labels:
    """Narrow what is known of the only source to what is left of it."""
    if len(step.sources) != 1:
        return labels
    source = step.sources[0]
    known = labels.of(source)
    if known.value is not None:
        return labels
    one = Matcher(source, "=~" if wanted else "!~", step.regex, step.where)
    return _with(labels, source, Known(None, (*known.holds, one)))


def _replaced(labels: Labels, step: Relabel) -> Labels:
    if step.action in {"lowercase", "uppercase", "hashmod"}:
        values = _values(labels, step)
        made = None if values is None else list(dict.fromkeys(_made(step, v) for v in values))
        return _with(labels, step.target, ANYTHING if made is None else _one_of(made))
    if "$" in step.target:
        return _any_target(labels, step)
    holds = _matches(labels, step)
    if holds is False:
        return labels
    values = _values(labels, step)
    before = labels.of(step.target)
    if values is not None:
        old = before if holds is None else None
        return _with(labels, step.target, _outcome(values, step, old))
    single = len(step.sources) == 1 and step.replacement in _WHOLE and step.regex in _EVERYTHING
    new = labels.of(step.sources[0]) if single else ANYTHING
    if "$" not in step.replacement:
        new = Known(step.replacement)
    return _with(labels, step.target, new if holds else either([before, new]))


def _outcome(values: list[str], step: Relabel, before: Known | None) -> Known:
    """Say what a target has after each of some values of its sources; None: it is always set."""
    found: list[Known] = []
    for value in values:
        text = expanded(step.regex, value, step.replacement)
        if text is not None:
            found.append(Known(text))
        elif before is not None:
            found.append(before)
    return either(found) if found else ANYTHING


def _any_target(labels: Labels, step: Relabel) -> Labels:
    """Replace where the label's name itself is worked out: told only for one known value."""
    values = _values(labels, step)
    if values is None or len(values) != 1:
        return labels if _matches(labels, step) is False else Labels()
    target = expanded(step.regex, values[0], step.target)
    text = expanded(step.regex, values[0], step.replacement)
    return labels if not target or text is None else _with(labels, target, Known(text))


def _without(labels: Labels, step: Relabel) -> Labels:
    compiled = pattern(step.regex)
    if not isinstance(compiled, Pattern):
        return Labels()
    keeps = step.action == "labelkeep"
    named = dict.fromkeys((*labels.known, *(literals(step.regex) or ())))
    known = {
        label: labels.of(label) if compiled.matches(label) is keeps else ABSENT for label in named
    }
    return Labels(known, labels.others)


def _mapped(labels: Labels, step: Relabel) -> Labels:
    named = literals(step.regex)
    if labels.others != ABSENT and named is None:
        # A series may carry a label that is mapped to any other.
        return Labels()
    found = dict(labels.known)
    mapped = {label: labels.of(label) for label in sorted(named or ())}
    for label, known in {**labels.known, **mapped}.items():
        target = expanded(step.regex, label, step.replacement)
        if target and known != ABSENT:
            may_lack = known.value is None and domain(known).allows("")
            found[target] = either([known, labels.of(target)]) if may_lack else known
    return labels._replace(known=found)


def _with(labels: Labels, label: str, known: Known) -> Labels:
    return labels._replace(known={**labels.known, label: known}) if label else labels


# -- conditions --------------------------------------------------------------------------------


def _made(step: Relabel, value: str) -> str:
    if step.action == "hashmod":
        digest = hashlib.md5(value.encode(errors="replace"), usedforsecurity=False).digest()
        return str(int.from_bytes(digest[8:], "big") % step.modulus) if step.modulus else ""
    return value.lower() if step.action == "lowercase" else value.upper()


def _matches(labels: Labels, step: Relabel) -> bool | None:
    """Whether the joined sources match; None where only some series' do."""
    if step.regex in _EVERYTHING:
        return True
    values = _values(labels, step)
    compiled = pattern(step.regex)
    if values is not None:
        found = {compiled.matches(one) if isinstance(compiled, Pattern) else None for one in values}
        return found.pop() if len(found) == 1 else None
    if len(step.sources) == 1:
        source = step.sources[0]
        asked = condition(Matcher(source, "=~", step.regex, step.where))
        return domain(labels.of(source)).decides(asked)
    return _apart(labels, step)


def _apart(labels: Labels, step: Relabel) -> bool | None:
    """Judge several sources one by one, where the pattern is plainly one for each of them."""
    parts = step.regex.split(step.separator) if step.separator else []
    if len(parts) != len(step.sources) or any("|" in one and not _closed(one) for one in parts):
        return None
    first = True
    said: list[bool | None] = []
    for source, part in zip(step.sources, parts, strict=True):
        if not isinstance(pattern(part), Pattern):
            return None
        known = labels.of(source)
        asked = condition(Matcher(source, "=~", part, step.where))
        holds = True if part in _EVERYTHING else domain(known).decides(asked)
        # A value might hold the separator itself: only what begins the text is surely another.
        is_plain = known.value is not None and step.separator not in known.value
        if first and holds is False and is_plain and literals(part) is not None:
            return False
        first = first and is_plain and literals(part) is not None
        said.append(holds)
    return True if all(said) else None


def _closed(part: str) -> bool:
    """Whether alternatives stand within a group that holds the whole part."""
    return part.startswith("(") and part.endswith(")") and part.count("(") == 1


def _same(labels: Labels, step: Relabel) -> bool | None:
    own, target = _values(labels, step), domain(labels.of(step.target)).values
    if own is None or target is None:
        return None
    if len(own) == len(target) == 1:
        return set(own) == set(target)
    return False if target.isdisjoint(own) else None


def _values(labels: Labels, step: Relabel) -> list[str] | None:
    """Return what the joined sources may be, if these are a few."""
    each = [domain(labels.of(source)).values for source in step.sources]
    if any(one is None for one in each):
        return None
    sides = [sorted(one) for one in each if one is not None]
    found = list(islice(product(*sides), _MOST + 1))
    return list(dict.fromkeys(map(step.separator.join, found))) if len(found) <= _MOST else None
