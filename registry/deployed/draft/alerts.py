"""Deployed rules as the alerts of a registry: which of them are one alert, and how grave it is."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from registry.deployed.model import DeployedAlert, PlacedText, Where
from registry.model.scalars import Duration

NAMED = ("severity", "priority", "level")
"""Labels and annotations that say how grave an alert is, the first that is there."""
PAGING = ("pager", "page", "paging")
"""Labels by which an estate asks for a page."""
UNWORDED = ""
"""The word that stands for rules that say nothing of how grave they are."""

_WORDS = {
    "sev1": ("sev0", "p0", "s0", "critical", "crit", "emergency", "fatal", "disaster", "page"),
    "sev2": ("error", "major", "high", "urgent"),
    "sev3": ("warning", "warn", "minor", "medium", "moderate", "ticket"),
    "sev4": ("info", "information", "informational", "notice", "low", "none", "debug", "p5"),
}
_NUMBERED = re.compile(r"(?:sev|severity|p|prio|priority|s)([1-4])")
_MEANS = {word: severity for severity, words in _WORDS.items() for word in words}
_NO = frozenset({"", "no", "none", "false", "off", "0", "never"})


class Grave(NamedTuple):
    """How grave a rule is, whether it pages, and what says so."""

    severity: str
    pages: bool
    because: str


class One(NamedTuple):
    """Rules that are one alert. `match` are the labels that tell it from others of its name."""

    rules: tuple[DeployedAlert, ...]
    match: Mapping[str, str]

    @property
    def name(self) -> str:
        """Its name, as deployed."""
        return self.rules[0].name

    @property
    def query(self) -> PlacedText | None:
        """The one query of its rules."""
        queries = {one.expr.value if one.expr else "" for one in self.rules}
        return self.rules[0].expr if len(queries) == 1 else None

    @property
    def waits(self) -> tuple[str, ...]:
        """How long its rules wait before they fire, each length once; none where they do not."""
        said = (one.wait.value if one.wait is not None else "0s" for one in self.rules)
        return tuple(one for one in dict.fromkeys(said) if is_duration(one))


def is_duration(text: str) -> bool:
    """Whether a text is a length of time, be it none."""
    try:
        return Duration.accepts(text)
    except ValueError:
        return False


def known(alert: DeployedAlert, words: Mapping[str, str]) -> Grave | str:
    """Tell how grave a rule is, by `words` and those that everybody knows; else its word."""
    text = next(filter(None, (said[one] for said in (alert.labels, alert.annotations)
                              for one in NAMED if one in said)), None)  # fmt: skip
    asks = next((alert.labels[one].value for one in PAGING if one in alert.labels), None)
    pages = None if asks is None or "{{" in asks else asks.strip().casefold() not in _NO
    if text is None:
        if pages:
            found, because = "sev2", "the label that asks for a page"
        elif UNWORDED in words:
            found, because = words[UNWORDED], "the rule says nothing of it"
        else:
            return UNWORDED
    else:
        word = text.value.strip().casefold()
        plain = re.sub(r"[-_. ]", "", word)
        number = _NUMBERED.fullmatch(plain)
        found = words.get(word) or (f"sev{number[1]}" if number else _MEANS.get(plain, ""))
        if not found:
            return text.value
        because = f"from `{text.value}`"
    return Grave(found, found in {"sev1", "sev2"} if pages is None else pages, because)


def apart(alerts: Iterable[DeployedAlert]) -> Iterator[One]:
    """Divide rules of one name by the labels in which they differ."""
    by_labels: dict[frozenset[tuple[str, str]], list[DeployedAlert]] = {}
    for alert in alerts:
        by_labels.setdefault(frozenset(fixed(alert).items()), []).append(alert)
    shared = frozenset.intersection(*by_labels) if by_labels else frozenset()
    for labels, rules in by_labels.items():
        match = dict(sorted(labels - shared)) if len(by_labels) > 1 else {}
        yield One(tuple(rules), match)


def fixed(alert: DeployedAlert) -> dict[str, str]:
    """Return the labels that are no templates."""
    return {key: text.value for key, text in alert.labels.items() if "{{" not in text.value}


def link(annotations: Mapping[str, PlacedText]) -> str | None:
    """Return the address of a runbook, if an annotation has one."""
    texts = (annotations.get(key) for key in ("runbook_url", "runbook", "playbook"))
    return next((text.value for text in texts if text is not None and text.value), None)


def unworded(word: str, alert: DeployedAlert) -> tuple[Where, str]:
    """Say that a rule is left out, for the word that nobody knows."""
    text = alert.name
    if word == UNWORDED:
        return alert.where, f"the alert `{text}`: nothing says how grave it is"
    return alert.where, f"the alert `{text}`: `{word}` says nothing of how grave it is"
