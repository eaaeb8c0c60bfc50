"""What is recorded: the fields that all products share, those of one team, and the stores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from synthetic.document import Entity, Fields


class Captured(NamedTuple):
    """A telemetry field before it has its team's prefix."""

    name: str
    group: str
    type: str
    answers: str
    classification: str = "operational"
    redaction: str = "none"


SHARED = (
    Captured("trace_id", "correlation", "string", "Which steps belong together?", "identifier"),
    Captured("intent", "slice", "string", "Which kind of question went wrong?"),
    Captured("risk_level", "slice", "string", "Were answers of high risk affected?"),
    Captured("prompt_version", "versioning", "string", "Which prompt was live when quality fell?"),
    Captured("retrieval_config", "versioning", "string", "Which index and sources were live?"),
    Captured("model_version", "versioning", "string", "Did the provider change the model?"),
    Captured("input_tokens", "input", "number", "Was the context longer than usual?"),
    Captured("source_ids", "retrieval", "string", "Which sources did it rest on?", "identifier"),
    Captured("finish_reason", "model", "string", "Did the model stop by itself?"),
    Captured("tool_name", "tool", "string", "Which tool was called last?"),
    Captured("guardrail_verdict", "guardrail", "string", "Which guardrail spoke, and what of?"),
    Captured("citations_present", "output", "boolean", "Did the answer quote its sources?"),
    Captured("task_resolved", "outcome", "boolean", "Was the task done without a person?"),
    Captured("latency_ms", "performance", "number", "Which step took the time?"),
    Captured("cost_usd", "cost", "number", "What did this request cost?"),
)
"""A required field in each of the twelve groups, and every version that a component names."""

OWN = (
    Captured(
        "query_words", "input", "number", "Do long questions fail more often than short ones?"
    ),
    Captured(
        "question", "input", "string", "What was asked when it went wrong?", "content", "mask"
    ),
    Captured("source_domain", "retrieval", "string", "Where did the wrong passage come from?"),
    Captured("index_age", "retrieval", "number", "Was the index stale when the answer was given?"),
    Captured("model_region", "model", "string", "Did one region answer worse than the others?"),
    Captured("tool_outcome", "tool", "string", "Which tool refused, and which one timed out?"),
    Captured("blocked_by", "guardrail", "string", "Which guardrail stopped the answer?"),
    Captured("answer_words", "output", "number", "Did answers grow when the prompt was changed?"),
    Captured("handed_over", "outcome", "boolean", "Did a person have to finish the task?"),
    Captured("user", "correlation", "string", "Does it hit one person again?", "personal", "hash"),
)
"""What a large team records beside that. Content and personal data never stand in the clear."""


def field(captured: Captured, namespace: str, *, required: bool) -> Fields:
    """Return the fields of a telemetry field, under an attribute namespace of the company's own."""
    return {
        "group": captured.group,
        "type": captured.type,
        "classification": captured.classification,
        "redaction": captured.redaction,
        "attribute": f"acme.{namespace}.{captured.name}",
        "required": required,
        "answers": captured.answers,
        "stores": ["traces"],
    }


def shared_fields() -> Iterator[Entity]:
    """Yield the fields that every product records."""
    for captured in SHARED:
        yield Entity("fields", captured.name, field(captured, "copilot", required=True))


def stores() -> Iterator[Entity]:
    """Yield the approval of it all, and the stores: kept as long as the production pack allows."""
    readers, approvers = ["security-lead", "cto"], ["security-lead", "product-owner"]
    yield Entity("telemetry", "", {"reviewed": "2026-10-01", "approved_by": approvers})
    traces: Fields = {"retention": "30d", "access": readers, "kind": "traces"}
    yield Entity("stores", "traces", traces)
    metrics: Fields = {"retention": "365d", "access": ["everyone"], "kind": "metrics"}
    yield Entity("stores", "metrics", metrics)
    debug: Fields = {
        "retention": "72h",
        "access": ["incident-commander"],
        "kind": "debug",
        "audited": True,
        "approval": "security-lead",
        "expires_after": "24h",
        "cohort": "internal pilot",
    }
    yield Entity("stores", "debug-capture", debug)
