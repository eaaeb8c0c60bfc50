"""A page, read as a browser reads it, and a registry in which much is wrong."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from registry.export.site.report import report
from registry.workspace.open import Opened
from registry.workspace.options import Options
from tests.conftest import AT

OPTIONS = Options(AT)

FAULTY = """
timezone: Europe/Berlin
people:
  priya: {name: Priya Natarajan, email: priya@acme.example, contact: {phone: "+44 20 7946 0018", slack: U0PRIYA}}
  tom: {name: Tom Reyes, contact: {slack: U0TOM}, away: [{from: 2026-11-23, to: 2026-11-24}]}
  olga: {name: Olga Alt, email: olga@acme.example, until: 2026-10-01}
teams:
  ml: {name: Machine learning, lead: ml-lead, members: [priya, tom]}
  web: {name: Web platform, members: [olga]}
roles:
  ml-lead: {title: ML lead, holder: priya}
  free: {title: Nobody's role}
  duty: {title: Duty, schedule: weekdays}
channels:
  room: {kind: slack, address: "#assistant"}
  read: {kind: slack, address: "#read", owner: priya}
ownership:
  prompts: {title: Prompts, team: ml, accountable: priya, responsible: [tom]}
  bare: {title: Bare}
components:
  reranker: {kind: retrieval, layer: prompts}
metrics:
  ground: {bucket: quality, response: page, owner: priya, layer: prompts, definition: "Share, call +44 20 7946 0018"}
  mute: {bucket: quality, response: page, owner: priya}
  spend: {bucket: cost, response: ticket, owner: olga}
schedules:
  weekdays:
    team: ml
    rotations:
      - {name: day, participants: [priya], start: "2026-11-02T09:00", every: 1w,
         hours: [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}]}
      - {name: look, participants: [tom], start: "2026-11-02T09:00", every: 1w, shadow: true}
  away:
    rotations: [{name: only, participants: [tom], start: "2026-11-02T09:00", every: 1w}]
  left:
    rotations: [{name: only, participants: [olga], start: "2026-11-02T09:00", every: 1w}]
escalations:
  both: {steps: [{after: 0m, notify: [duty]}, {after: 15m, notify: [priya]}], repeat: 1, repeat_after: 30m}
  lost: {steps: [{after: 0m, notify: [free, nowhere]}]}
runbooks:
  told: {title: Ground lost, first_checks: ["Compare `prompts`"], mitigations: [{switch: off}, {switch: gone}], escalate_to: priya,
         rollback: [Redeploy], resolved_when: [It is up], url: "https://wiki.acme.example/ground"}
  empty: {title: Nothing}
  phased: {title: Phased, steps: [{phase: assess, within: 5m, do: [Look]}]}
kill_switches:
  "off": {action: Stop it, owner: priya, operators: [priya], takes_effect_within: 5m, disables: [reranker]}
alerts:
  fine: {metric: ground, severity: sev1, response: page, owner: priya, when: {below: 0.9}, escalation: both, runbook: told, notify: [read]}
  phased: {metric: ground, severity: sev1, response: page, owner: priya, escalation: priya, runbook: phased}
  untold: {metric: ground, severity: sev2, response: page, owner: priya, escalation: priya, runbook: empty}
  broken: {metric: ground, severity: sev1, response: page, owner: tom, escalation: lost}
  nobody: {metric: absent, severity: sev1, response: page}
  ticket: {metric: spend, severity: sev3, response: ticket, owner: olga, notify: [read]}
  dropped: {metric: spend, severity: sev3, response: ticket, owner: olga, notify: [room, unknown]}
"""
"""Chains that hold, break, and lead nowhere; schedules that nobody serves; people who have left."""


class Page(HTMLParser):
    """What a browser is given: tags, attributes, shown text, and the texts that it runs or keeps."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.parts: list[str] = []
        self.kept: dict[str, str] = {}
        self._within = ""
        self.feed(content.decode())
        self.close()

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    @property
    def data(self) -> Any:
        return json.loads(self.kept["script application/json"])

    @property
    def policy(self) -> str:
        values = [
            value for tag, name, value in self.attributes if (tag, name) == ("meta", "content")
        ]
        return next(one for one in values if one.startswith("default-src"))

    def links(self) -> list[str]:
        return [value for _, name, value in self.attributes if name in {"href", "src"}]

    def called(self, number: int) -> str:
        section, id_ = self.data["entities"][number][:2]
        return f"{self.data['sections'][section][0]}/{id_}"

    def number(self, name: str) -> int:
        names = [self.called(number) for number in range(len(self.data["entities"]))]
        return names.index(name)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        kind = dict(attrs).get("type")
        self._within = " ".join(filter(None, (tag, kind))) if tag in {"script", "style"} else ""

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self.kept[self._within] = self.kept.get(self._within, "") + data
        else:
            self.parts.append(data)


Read = Callable[..., Page]


@pytest.fixture(scope="session")
def read() -> Read:
    """Make the page of an open registry, and read it."""

    def read(opened: Opened, *given: Any, **options: Any) -> Page:
        return Page(report(opened, OPTIONS, *given, **options).content)

    return read


@pytest.fixture
def faulty(opened: Callable[..., Opened]) -> Opened:
    return opened(FAULTY)
