"""How grave a deployed alert is called, by what it is called so, and whether that is to page."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from registry.deployed.model import DeployedAlert, PlacedText
from registry.model.settings import Settings
from registry.workspace.bindings import Bindings

SeveritySource = Literal["label", "annotation", "binding"]

NAMED = ("severity", "priority", "level")
"""Labels and annotations that say how grave an alert is, the first that is there."""

_WORDS = {
    frozenset({"sev1"}): ("sev1", "p1", "p0", "emergency", "fatal", "disaster"),
    frozenset({"sev2"}): ("sev2", "p2"),
    frozenset({"sev1", "sev2"}): ("critical", "crit", "page", "high", "urgent"),
    frozenset({"sev3"}): ("sev3", "p3"),
    frozenset({"sev3", "sev4"}): ("warning", "warn", "ticket", "medium", "moderate", "minor"),
    frozenset({"sev4"}): ("sev4", "p4", "p5", "none", "debug", "info", "information",
                          "informational", "notice", "low"),
}  # fmt: skip
_MEANS: Mapping[str, frozenset[str]] = {
    word: severities for severities, words in _WORDS.items() for word in words
}


_ASKING = re.compile(r"pag(?:e|ing)|sever|prio|urgen|escalat|level", re.IGNORECASE)
"""What is in the names of labels that ask for a page; one that names an owner does not."""


class DeployedSeverity(NamedTuple):
    """What an alert is called, and where; `pages` and `is_quiet` say what that asks for."""

    text: PlacedText
    source: SeveritySource
    pages: bool
    is_quiet: bool

    def may_be(self, name: str) -> bool:
        """Whether a severity of the registry fits; a word that nobody knows fits any."""
        known = _MEANS.get(self.text.value.casefold())
        return known is None or name in known


class Severities:
    """The words of one policy, and the estate's own labels that the registry binds to pagers."""

    def __init__(self, settings: Settings, bound: Bindings) -> None:
        self.bound = bound
        self._paging = frozenset(map(str.casefold, settings.paging_severities))
        self._quiet = frozenset(map(str.casefold, settings.quiet_severities))

    def of(self, alert: DeployedAlert) -> DeployedSeverity | None:
        """Tell how grave an alert is called; None where nothing says it."""
        bound = self._bound(alert)
        if bound is not None:
            return DeployedSeverity(bound, "binding", pages=True, is_quiet=False)
        for source, texts in (("label", alert.labels), ("annotation", alert.annotations)):
            text = next((texts[one] for one in NAMED if one in texts), None)
            if text is not None and "{{" not in text.value:
                word = text.value.casefold()
                where: SeveritySource = "label" if source == "label" else "annotation"
                return DeployedSeverity(text, where, word in self._paging, word in self._quiet)
        return None

    def _bound(self, alert: DeployedAlert) -> PlacedText | None:
        """Find the label or annotation whose value the registry binds to what pages."""
        for kind, texts in (("label", alert.labels), ("annotation", alert.annotations)):
            for name in self.bound.of(kind):
                text = texts.get(name) if _ASKING.search(name) else None
                meaning = self.bound.meaning(kind, name, text.value) if text is not None else None
                if text is not None and meaning is not None and meaning.pages:
                    return text
        return None
