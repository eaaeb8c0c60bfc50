"""A small registry in which everything holds, and ways to break one thing of it."""

import re
from pathlib import Path

ACME = """\
opmodel: 1
name: acme
stage: pilot
timezone: Europe/Berlin
people:
  ana:
    name: Ana Ruiz
    timezone: Europe/Madrid
    email: ana@acme.example
    contact: {phone: "+34 91 000 0001", slack: "@ana"}
  ben:
    name: Ben Okafor
    contact: {pager: p-ben, email: ben-night@acme.example}
    email: ben@acme.example
  cho:
    name: Cho Min
    contact: {teams: cho.min}
  dee:
    name: Dee Novak
    email: dee@acme.example
teams:
  answers: {name: Answers, lead: cho, members: [ana, ben]}
  empty: {name: Empty}
roles:
  commander: {title: Commander, schedule: night}
  head: {title: Head, holder: dee}
channels:
  room: {kind: slack, owner: head, read_every: 4h}
  inbox: {kind: email}
ownership:
  quality: {accountable: head, covers: [behaviour]}
  cost: {accountable: ana}
components:
  prompt: {kind: prompt, layer: quality}
  store: {kind: connector}
metrics:
  grounded:
    bucket: quality
    response: page
    owner: ana
    layer: quality
    decision: Roll back.
  spend: {bucket: cost, response: ticket, owner: ana, layer: cost}
  clicks: {bucket: adoption, response: analytics}
alerts:
  drop:
    metric: grounded
    owner: ana
    severity: sev2
    response: page
    escalation: page
    notify: [room]
    runbook: drop
  overspend:
    metric: spend
    owner: ana
    severity: sev3
    response: ticket
    notify: [room, inbox]
schedules:
  day:
    rotations:
      - {name: primary, participants: [ana, ben], start: 2026-11-02T09:00, every: 1w}
  night:
    timezone: America/New_York
    rotations:
      - {name: watch, participants: [cho], start: 2026-11-02T09:00, every: 1w}
escalations:
  page:
    repeat: 2
    repeat_after: 15m
    steps:
      - {after: 0m, notify: [day]}
      - {after: 15m, notify: [commander]}
      - {after: 30m, notify: [head]}
runbooks:
  drop:
    title: Groundedness fell
    first_checks: [Is it one slice?, What went live?]
    mitigations: [{switch: faq}, Tell support.]
    escalate_to: commander
    rollback: [The last prompt.]
    resolved_when: [It is back for an hour.]
kill_switches:
  faq:
    action: Answer from the FAQ only.
    operators: [day, head]
    takes_effect_within: 5m
  cut: {disables: [store], operators: [commander]}
failures:
  leak: {priority: P0, detected_by: [drop], contained_by: [cut]}
"""
"""Ana is on call in the weeks of 2 and 16 November 2026, Ben in those of 9 and 23 November."""

AT = "2026-11-24T03:00:00-05:00"
"""A Tuesday, 09:00 in Berlin: Ben is on call, then Cho, then Dee."""


def edited(*changes: tuple[str, str]) -> str:
    """Replace what stands once in the registry, each by its own text."""
    text = ACME
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def without(field: str, entity: str) -> str:
    """Remove one field, on a line of its own, of one entity."""
    head, start, rest = ACME.partition(f"\n  {entity}:\n")
    kept, count = re.subn(rf"^    {field}:.*\n", "", rest, count=1, flags=re.M)
    assert count == 1
    return head + start + kept


def write(folder: Path, text: str = ACME, **more: str) -> str:
    """Write a registry, the manifest in its first file; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opmodel.yaml").write_text(text, "utf-8")
    for name, content in more.items():
        (folder / f"{name}.yaml").write_text(content, "utf-8")
    return str(folder)
