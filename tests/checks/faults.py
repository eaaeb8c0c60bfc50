"""One fault of each rule that asks whether a thing fits, put into a registry that is right.

A fault changes the data and returns its place: section, id and field. What it adds beside that is
right in everything else.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.checks.grown import Data, Grown

Place = tuple[str, str, str]
GONE = "gone-already"
PAST = "2026-10-01"


def first(entities: Data, fits: Callable[[Any], object] = bool) -> str:
    """Return the id of the first entity that fits."""
    return next(id_ for id_, one in entities.items() if fits(one))


def person(grown: Grown, id_: str, **more: str) -> str:
    """Add a person who is in no team."""
    grown.sections["people"][id_] = {"name": "Noor Adams", "email": "noor@acme.example", **more}
    return id_


def p0(grown: Grown) -> tuple[str, Data]:
    """Return a P0 that a switch contains which disables something."""
    failures, switches = grown.sections["failures"], grown.sections["kill_switches"]
    id_ = first(
        failures,
        lambda one: (
            one["priority"] == "P0"
            and any(switches[name].get("disables") for name in one["contained_by"])
        ),
    )
    return id_, failures[id_]


def incident(grown: Grown, **more: object) -> str:
    """Add an incident that is right, but for what `more` says."""
    id_, failure = p0(grown)
    owner = first(grown.sections["people"])
    grown.sections.setdefault("incidents", {})["seeded"] = {
        "title": "Seeded", "severity": "sev1", "failure": id_, "commander": owner,
        "started": "2026-10-20T08:00Z", "detected": "2026-10-20T08:10Z",
        "resolved": "2026-10-20T08:20Z", "detected_by": failure["detected_by"][0],
        "regression_cases": ["https://git.acme.example/evals/seeded.yaml"],
        "actions": [{"title": "Change it", "owner": owner, "due": "2026-11-01",
                     "done": "2026-10-30", "kind": "change-response"}],
        **more,
    }  # fmt: skip
    return "seeded"


def debug_store(grown: Grown, **more: object) -> str:
    """Add a store of debug captures that is right, but for what `more` says."""
    role = first(grown.sections["roles"], lambda one: one.get("holder"))
    grown.sections["stores"]["seeded"] = {
        "kind": "debug", "retention": "48h", "access": [role], "audited": True, "approval": role,
        "expires_after": "24h", "cohort": "two testers", **more,
    }  # fmt: skip
    return "seeded"


def future_date(grown: Grown) -> Place:
    id_ = first(grown.sections["kill_switches"], lambda one: one.get("drilled"))
    grown.sections["kill_switches"][id_]["drilled"] = "2031-01-01"
    return "kill_switches", id_, "drilled"


def long_waiver(grown: Grown) -> Place:
    id_ = first(grown.sections["metrics"])
    waiver = {
        "rule": "OM217",
        "entity": f"metrics/{id_}",
        "reason": "Later.",
        "until": "2099-01-01",
    }
    grown.policy["waivers"] = [waiver]
    return "", "", ""


def departed_owner(grown: Grown) -> Place:
    id_ = first(grown.sections["runbooks"])
    grown.sections["runbooks"][id_]["owner"] = person(grown, GONE, until=PAST)
    return "runbooks", id_, "owner"


def layer_covered_twice(grown: Grown) -> Place:
    rows = grown.sections["ownership"]
    id_ = first(rows, lambda one: isinstance(one.get("accountable"), str))
    row = {**deepcopy(rows[id_]), "covers": [id_], "accountable": person(grown, "other")}
    rows["seeded"] = row
    return "ownership", "seeded", "covers"


def departed_name(grown: Grown) -> Place:
    id_ = first(grown.sections["kill_switches"], lambda one: one.get("operators"))
    grown.sections["kill_switches"][id_]["operators"].append(person(grown, GONE, until=PAST))
    return "kill_switches", id_, "operators"


def read_too_seldom(grown: Grown) -> Place:
    owner = first(grown.sections["people"])
    slow = {"kind": "email", "address": "slow@acme.example", "owner": owner, "read_every": "4w"}
    grown.sections["channels"]["seeded"] = slow
    id_ = first(grown.sections["alerts"], lambda one: one["response"] == "ticket")
    grown.sections["alerts"][id_]["notify"] = ["seeded"]
    return "channels", "seeded", "read_every"


def partial_page(grown: Grown) -> Place:
    metrics = grown.sections["metrics"]
    id_ = first(metrics, lambda one: one["response"] == "page" and one.get("slices"))
    for alert in grown.sections["alerts"].values():
        if alert["metric"] == id_ and alert["response"] == "page":
            alert["slice"] = {metrics[id_]["slices"][0]: "one"}
    return "metrics", id_, "response"


def runbook_elsewhere(grown: Grown) -> Place:
    books, alerts = grown.sections["runbooks"], grown.sections["alerts"].values()
    id_ = first(books)
    books["seeded"] = {
        "title": "Seeded", "url": "https://wiki.acme.example/seeded",
        **{key: books[id_][key] for key in ("owner", "reviewed")},
    }  # fmt: skip
    next(one for one in alerts if one["response"] == "ticket")["runbook"] = "seeded"
    return "runbooks", "seeded", "url"


def raw_content_stored(grown: Grown) -> Place:
    store = first(grown.sections["stores"], lambda one: one["kind"] == "traces")
    grown.sections["fields"]["seeded"] = {
        "group": "input", "type": "string", "classification": "operational",
        "attribute": "gen_ai.input.messages", "answers": "What was asked?", "stores": [store],
    }  # fmt: skip
    return "fields", "seeded", "stores"


def open_debug_capture(grown: Grown) -> Place:
    return "stores", debug_store(grown, expires_after="72h"), "expires_after"


def unaudited_debug_store(grown: Grown) -> Place:
    return "stores", debug_store(grown, audited=False), "audited"


def unrelated_containment(grown: Grown) -> Place:
    id_, failure = p0(grown)
    switches = [grown.sections["kill_switches"][one] for one in failure["contained_by"]]
    disabled = {part for one in switches for part in one.get("disables", ())}
    failure["components"] = [one for one in grown.sections["components"] if one not in disabled][:2]
    return "failures", id_, "contained_by"


def weak_detector(grown: Grown) -> Place:
    id_, failure = p0(grown)
    alerts = grown.sections["alerts"]
    alerts["seeded"] = {**deepcopy(alerts[failure["detected_by"][0]]), "severity": "sev3"}
    alerts["seeded"]["when"] = {"above": 3, "over": "1h"}
    failure["detected_by"] = ["seeded"]
    return "failures", id_, "detected_by"


def runbook_without_switch(grown: Grown) -> Place:
    _, failure = p0(grown)
    alerts, books = grown.sections["alerts"], grown.sections["runbooks"]
    alert = alerts[failure["detected_by"][0]]
    books["seeded"] = {**deepcopy(books[alert["runbook"]]), "mitigations": ["Wait."]}
    books["seeded"].pop("covers", None)
    alerts["seeded"] = {**deepcopy(alert), "when": {"above": 3, "over": "1h"}, "runbook": "seeded"}
    failure["detected_by"].append("seeded")
    return "runbooks", "seeded", "mitigations"


def gate_against_direction(grown: Grown) -> Place:
    id_ = first(grown.sections["gates"])
    metric = first(grown.sections["metrics"], lambda one: one.get("better") == "lower")
    grown.sections["gates"][id_]["requires"].append({"metric": metric, "at_least": 7})
    return "gates", id_, "requires"


def empty_canary(grown: Grown) -> Place:
    id_ = first(grown.sections["gates"], lambda one: one.get("canary"))
    grown.sections["gates"][id_]["canary"]["cohort"] = "All users"
    return "gates", id_, "canary"


def incomplete_review(grown: Grown) -> Place:
    id_ = first(grown.sections["reviews"], lambda one: one["kind"] == "behavioural")
    grown.sections["reviews"][id_]["agenda"][1].pop("topic")
    return "reviews", id_, "agenda"


def missing_dashboard(grown: Grown) -> Place:
    reader = person(grown, "reader")
    for board in grown.sections["dashboards"].values():
        board["audience"] = reader
    return "dashboards", "product", ""


def late_warning(grown: Grown) -> Place:
    metrics, alerts = grown.sections["metrics"], grown.sections["alerts"].values()
    high = [one for one in alerts if isinstance(one["when"].get("above"), int | float)]
    alert = next(
        one for one in high
        if one["when"]["above"] > 1 and metrics[one["metric"]].get("better") == "lower"
    )  # fmt: skip
    levels = [one["when"]["above"] for one in high if one["metric"] == alert["metric"]]
    lead = first(grown.sections["roles"], lambda one: one["function"] == "leadership")
    grown.sections.setdefault("objectives", {})["seeded"] = {
        "metric": alert["metric"], "target": {"below": min(levels) / 10}, "window": "28d",
        "quarter": "2026-Q4", "customer_impact": "People wait.",
        "owner": first(grown.sections["people"]), "approved_by": lead,
    }  # fmt: skip
    return "objectives", "seeded", "target"


def lone_review(grown: Grown) -> Place:
    id_ = first(grown.sections["reviews"], lambda one: one["kind"] == "behavioural")
    review = grown.sections["reviews"][id_]
    review["attendees"] = [review["chair"]]
    return "reviews", id_, "attendees"


def blind_budget(grown: Grown) -> Place:
    id_ = first(grown.sections["budgets"])
    grown.sections["budgets"][id_]["unit"] = "JPY"
    return "budgets", id_, "metric"


def missing_regression_case(grown: Grown) -> Place:
    return "incidents", incident(grown, regression_cases=["evals/never.yaml"]), "regression_cases"


def understated_incident(grown: Grown) -> Place:
    return "incidents", incident(grown, severity="sev4"), "severity"


def missed_window(grown: Grown) -> Place:
    level = grown.sections.setdefault("severities", {}).setdefault("sev1", {})
    level["detect_within"] = "40m"
    return "incidents", incident(grown, started="2026-10-20T07:00Z"), "detected"


def open_incident(grown: Grown) -> Place:
    id_ = incident(grown)
    grown.sections["incidents"][id_].pop("resolved")
    return "incidents", id_, "started"


FAULTS: dict[str, Callable[[Grown], Place]] = {
    "OM017": future_date, "OM018": long_waiver, "OM106": departed_owner,
    "OM117": layer_covered_twice, "OM118": departed_name, "OM222": read_too_seldom,
    "OM223": partial_page, "OM412": runbook_elsewhere, "OM502": raw_content_stored,
    "OM507": open_debug_capture, "OM516": unaudited_debug_store, "OM613": unrelated_containment,
    "OM614": weak_detector, "OM615": runbook_without_switch, "OM712": gate_against_direction,
    "OM713": empty_canary, "OM714": incomplete_review, "OM715": missing_dashboard,
    "OM716": late_warning, "OM717": lone_review, "OM811": blind_budget,
    "OM812": missing_regression_case, "OM813": understated_incident, "OM814": missed_window,
    "OM816": open_incident,
}  # fmt: skip
"""By the code of the rule that is to find it."""
