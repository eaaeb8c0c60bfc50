"""The metrics that every product of the invented company has, with the alert on each."""

from __future__ import annotations

from dataclasses import dataclass, field

from synthetic.document import Fields


@dataclass(frozen=True)
class Template:
    """A metric and its alert. `early` is the condition of a ticket that comes before the page."""

    key: str
    bucket: str
    response: str
    layer: str
    unit: str
    better: str
    definition: str
    decision: str
    query: str
    fields: tuple[str, ...]
    alert: str = ""
    severity: str = ""
    when: Fields = field(default_factory=dict)
    early: Fields | None = None
    failure: str = ""


PAGES = (
    Template(
        key="groundedness",
        bucket="quality",
        response="page",
        layer="behavioural-quality",
        unit="ratio",
        better="higher",
        definition=(
            "Share of answers of {title} whose claims are supported by the sources that were "
            "retrieved for them."
        ),
        decision="Roll back the last prompt or retrieval change.",
        query='avg(acme_groundedness_ratio{{team="{team}"}})',
        fields=("citations_present", "source_ids"),
        alert="groundedness-drop",
        severity="sev2",
        when={"drops_by": "10%", "over": "1h", "for": "10m"},
        failure="An answer states something that none of its sources says, and someone acts on it.",
    ),
    Template(
        key="fallback-rate",
        bucket="reliability",
        response="page",
        layer="retrieval",
        unit="ratio",
        better="lower",
        definition=(
            "Share of conversations with {title} that end in the fallback answer, though a source "
            "would have helped."
        ),
        decision=(
            "Switch to the previous index, or answer from the list of frequent questions only."
        ),
        query=(
            'sum(rate(acme_fallbacks_total{{team="{team}"}}[10m])) / '
            'sum(rate(acme_turns_total{{team="{team}"}}[10m]))'
        ),
        fields=("finish_reason", "source_ids"),
        alert="fallback-spike",
        severity="sev2",
        when={"above": 0.08, "for": "15m"},
        early={"above": 0.05, "for": "30m"},
        failure="The product answers nearly everyone with the fallback, so that work stops.",
    ),
    Template(
        key="cost-per-resolved-task",
        bucket="cost",
        response="page",
        layer="model-selection",
        unit="USD per resolved task",
        better="lower",
        definition=(
            "What {title} spends on models, tools and retrieval for each task that ends resolved."
        ),
        decision="Route the dearest intent to the smaller model until the cause is known.",
        query=(
            'sum(increase(acme_cost_usd_total{{team="{team}"}}[1d])) / '
            'sum(increase(acme_resolved_total{{team="{team}"}}[1d]))'
        ),
        fields=("cost_usd", "task_resolved"),
        alert="cost-anomaly",
        severity="sev2",
        when={"rises_by": "40%", "over": "1d", "for": "1h"},
        failure="A loop between model and tool spends a month's budget in a night.",
    ),
    Template(
        key="access-violations",
        bucket="safety",
        response="page",
        layer="retrieval",
        unit="answers",
        better="lower",
        definition=(
            "Answers of {title} that quote a passage which the person who asked is not allowed to "
            "read."
        ),
        decision="Disable the connector that the passage came from.",
        query='sum(increase(acme_leaks_total{{team="{team}"}}[10m]))',
        fields=("guardrail_verdict", "source_ids"),
        alert="access-violation",
        severity="sev1",
        when={"above": 0, "for": "1m"},
        failure="An employee sees content that is meant for another department only.",
    ),
    Template(
        key="availability",
        bucket="reliability",
        response="page",
        layer="model-selection",
        unit="ratio",
        better="higher",
        definition=(
            "Share of requests to {title} that get an answer of any kind within twenty seconds."
        ),
        decision="Fail over to the second region, then to the smaller model.",
        query='avg_over_time(acme_answered_ratio{{team="{team}"}}[5m])',
        fields=("latency_ms", "finish_reason"),
        alert="outage",
        severity="sev1",
        when={"below": 0.97, "for": "5m"},
        early={"below": 0.99, "for": "15m"},
        failure="Nobody gets an answer, and the paper process is no longer staffed.",
    ),
)

TICKETS = (
    Template(
        key="p0-failures",
        bucket="safety",
        response="ticket",
        layer="behavioural-quality",
        unit="answers",
        better="lower",
        definition=(
            "Answers in the weekly sample of {title} that a reviewer marked as a failure of the "
            "first priority."
        ),
        decision="Stop the release, and add the case to the regression set.",
        query='sum(acme_p0_failures{{team="{team}"}})',
        fields=("guardrail_verdict",),
        alert="p0-in-sample",
        severity="sev3",
        when={"above": 0, "for": "5m"},
    ),
    Template(
        key="source-freshness",
        bucket="quality",
        response="ticket",
        layer="retrieval",
        unit="hours",
        better="lower",
        definition=(
            "Age of the oldest source that {title} quoted today, counted from its last change "
            "upstream."
        ),
        decision="Re-run the import of the source, or take it out of the index.",
        query='max(acme_source_age_hours{{team="{team}"}})',
        fields=("source_ids",),
        alert="stale-sources",
        severity="sev4",
        when={"above": 72, "for": "6h"},
    ),
    Template(
        key="tool-error-rate",
        bucket="reliability",
        response="ticket",
        layer="retrieval",
        unit="ratio",
        better="lower",
        definition=(
            "Share of the tool calls of {title} that the tool itself refuses or answers with an "
            "error."
        ),
        decision="Disable the tool and tell its owner.",
        query=(
            'sum(rate(acme_tool_errors_total{{team="{team}"}}[30m])) / '
            'sum(rate(acme_tool_calls_total{{team="{team}"}}[30m]))'
        ),
        fields=("tool_name", "finish_reason"),
        alert="tool-errors",
        severity="sev3",
        when={"above": 0.05, "for": "30m"},
    ),
    Template(
        key="cost-per-conversation",
        bucket="cost",
        response="ticket",
        layer="model-selection",
        unit="USD",
        better="lower",
        definition=(
            "What {title} spends on a conversation, whether or not the task behind it was "
            "completed."
        ),
        decision="Shorten the context or move the intent to the smaller model.",
        query=(
            'sum(increase(acme_cost_usd_total{{team="{team}"}}[1d])) / '
            'sum(increase(acme_chats_total{{team="{team}"}}[1d]))'
        ),
        fields=("cost_usd",),
        alert="dear-conversations",
        severity="sev3",
        when={"above": 0.4, "for": "6h"},
    ),
    Template(
        key="refusal-rate",
        bucket="quality",
        response="ticket",
        layer="prompt-content",
        unit="ratio",
        better="lower",
        definition="Share of harmless questions to {title} that it refuses to answer.",
        decision="Loosen the instruction that the refusals quote, after the evaluation set agrees.",
        query='avg(acme_refusal_ratio{{team="{team}"}})',
        fields=("finish_reason", "guardrail_verdict"),
        alert="refusals",
        severity="sev4",
        when={"rises_by": "25%", "over": "1d", "for": "1h"},
    ),
)

ANALYTICS = (
    Template(
        key="weekly-users",
        bucket="adoption",
        response="analytics",
        layer="behavioural-quality",
        unit="people",
        better="higher",
        definition=(
            "People who asked {title} something in the last seven days and came back in the same "
            "week."
        ),
        decision="Go on with the rollout, or go back to the pilot group.",
        query='sum(acme_weekly_users{{team="{team}"}})',
        fields=("intent",),
    ),
    Template(
        key="deflection",
        bucket="adoption",
        response="analytics",
        layer="behavioural-quality",
        unit="ratio",
        better="higher",
        definition=(
            "Share of the tasks with {title} that end without a ticket to the people who did them "
            "before."
        ),
        decision="Move people from the old queue, or keep them there for another quarter.",
        query='avg(acme_deflection_ratio{{team="{team}"}})',
        fields=("task_resolved",),
    ),
    Template(
        key="helpful-votes",
        bucket="quality",
        response="analytics",
        layer="prompt-content",
        unit="ratio",
        better="higher",
        definition=(
            "Share of the votes on answers of {title} that say helpful, among people who voted at "
            "all."
        ),
        decision="Choose the intent that the next prompt experiment works on.",
        query='avg(acme_helpful_ratio{{team="{team}"}})',
        fields=("intent",),
    ),
    Template(
        key="tokens-per-task",
        bucket="cost",
        response="analytics",
        layer="model-selection",
        unit="tokens per completed task",
        better="lower",
        definition=(
            "Tokens that {title} reads and writes for each completed task, all model calls "
            "together."
        ),
        decision="Decide whether a cache in front of the model pays.",
        query=(
            'sum(increase(acme_tokens_total{{team="{team}"}}[1d])) / '
            'sum(increase(acme_resolved_total{{team="{team}"}}[1d]))'
        ),
        fields=("input_tokens", "task_resolved"),
    ),
)
