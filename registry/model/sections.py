"""The table of sections: a section's name, and the model of its entities."""

from typing import NamedTuple

from registry.model.bindings import Binding
from registry.model.cadence import Budget, Dashboard, Objective, Review
from registry.model.entity import Entity
from registry.model.failures import Failure, Incident
from registry.model.holidays import HolidayCalendar
from registry.model.metrics import Alert, Metric, SeverityLevel
from registry.model.oncall import Escalation, Schedule
from registry.model.ownership import Component, Layer
from registry.model.people import Channel, Person, Role, Team
from registry.model.release import Experiment, Gate
from registry.model.runbooks import KillSwitch, Runbook
from registry.model.telemetry import Store, Telemetry, TelemetryField
from registry.model.traces import Price, TraceSpan


class Section(NamedTuple):
    """One section: its key in files, its model, and how a person calls one of its entities."""

    name: str
    model: type[Entity]
    noun: str
    single: bool = False
    ids: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """What people call the section elsewhere."""

    @property
    def a_noun(self) -> str:
        """The noun with its article: `an alert`."""
        return f"{'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"


SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        Section("people", Person, "person", also=("users", "persons")),
        Section("teams", Team, "team", also=("groups", "squads")),
        Section("roles", Role, "role"),
        Section("channels", Channel, "channel"),
        Section("ownership", Layer, "layer", also=("raci", "layers", "owners")),
        Section("components", Component, "component", also=("services",)),
        Section("metrics", Metric, "metric"),
        Section("alerts", Alert, "alert"),
        Section("severities", SeverityLevel, "severity", ids=("sev1", "sev2", "sev3", "sev4")),
        Section(
            "schedules", Schedule, "schedule", also=("oncall", "on_call", "rotations", "rotas")
        ),
        Section("escalations", Escalation, "escalation"),
        Section("holidays", HolidayCalendar, "holiday calendar"),
        Section("runbooks", Runbook, "runbook"),
        Section("kill_switches", KillSwitch, "kill switch"),
        Section("telemetry", Telemetry, "telemetry policy", single=True),
        Section("fields", TelemetryField, "telemetry field"),
        Section("stores", Store, "store"),
        Section("failures", Failure, "failure"),
        Section("incidents", Incident, "incident"),
        Section("dashboards", Dashboard, "dashboard"),
        Section("reviews", Review, "review"),
        Section("gates", Gate, "gate"),
        Section("experiments", Experiment, "experiment"),
        Section("budgets", Budget, "budget"),
        Section("objectives", Objective, "objective", also=("slos",)),
        Section("prices", Price, "price"),
        Section("spans", TraceSpan, "span"),
        Section("bindings", Binding, "binding"),
    )
}

RESERVED = ("imports", "systems", "scenarios", "workflows")
"""Sections that a later version of the format will define."""

CALLED: dict[str, str] = {
    word: row.name for row in SECTIONS.values() for word in (row.noun.replace(" ", "_"), *row.also)
}
"""The section that a word means which is none: what one of its entities is called, or another."""

SECTION_OF: dict[type[Entity], str] = {row.model: name for name, row in SECTIONS.items()}
