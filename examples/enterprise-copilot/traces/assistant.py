"""A pipeline that answers questions, traced with the OpenTelemetry SDK: what the policy asks for.

    python assistant.py > traces.jsonl             # clean against the policy
    python assistant.py --faults > broken.jsonl    # the same day with eleven faults

Input checks, retrieval, a model, a tool, output checks: each is a span within the request's. Model
and documents are stubs, nothing is fetched, and each run writes the same bytes. What is written is
OTLP as JSON lines, as the collector's file exporter has it. What people wrote is in no attribute.
"""

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import Span, set_span_in_context

START = int(datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()) * 1_000_000_000
MINUTE = 60_000_000_000
MS = 1_000_000
REQUESTS = 24
INTENTS = ("policy_qna", "troubleshooting", "ticket_creation", "hr_request")
SCORES = {2: 0.92, 14: 0.9}
"""Which requests a judge looks at, and what it says of them."""

SPENT, UNPRICED = 18, (4, 8, 12)
"""Requests with a fault: one that costs a day's money, and some of a model without a price."""


class CountedIds(IdGenerator):
    """Ids that look random and are the same in each run."""

    def __init__(self) -> None:
        self._random = random.Random(8)

    def generate_trace_id(self) -> int:
        """Return the next trace's id."""
        return self._random.getrandbits(128)

    def generate_span_id(self) -> int:
        """Return the next span's id."""
        return self._random.getrandbits(64)


class JsonLines(SpanExporter):
    """Writes a request of OTLP for each trace, when its root has ended, without what is `lost`."""

    def __init__(self) -> None:
        self._waiting: list[dict[str, Any]] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Take ended spans."""
        for one in spans:
            if one.name != "lost":
                self._waiting.append(_otlp(one))
            if one.parent is None:
                resource = {"attributes": _attributes(one.resource.attributes)}
                group = {"resource": resource, "scopeSpans": [{"spans": self._waiting}]}
                line = json.dumps({"resourceSpans": [group]}, separators=(",", ":"))
                sys.stdout.write(f"{line}\n")
                self._waiting = []
        return SpanExportResult.SUCCESS


def _otlp(one: ReadableSpan) -> dict[str, Any]:
    made: dict[str, Any] = {
        "traceId": f"{one.context.trace_id:032x}",
        "spanId": f"{one.context.span_id:016x}",
        "name": one.name,
        "startTimeUnixNano": str(one.start_time),
        "endTimeUnixNano": str(one.end_time),
        "attributes": _attributes(one.attributes or {}),
    }
    if one.parent is not None:
        made["parentSpanId"] = f"{one.parent.span_id:016x}"
    if one.end_time == one.start_time:  # what never ended is sent as the process goes down
        del made["endTimeUnixNano"]
    if one.events:
        made["events"] = [
            {"name": event.name, "timeUnixNano": str(event.timestamp),
             "attributes": _attributes(event.attributes or {})}
            for event in one.events
        ]  # fmt: skip
    return made


def _attributes(given: Any) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in sorted(given.items())]


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": value}


class Assistant:
    """Answers requests; with `faults`, some of them leave other traces than they should."""

    def __init__(self, *, faults: bool) -> None:
        self.faults = faults
        resource = Resource({"service.name": "copilot", "service.version": "4.7.2"})
        provider = TracerProvider(resource=resource, id_generator=CountedIds())
        provider.add_span_processor(SimpleSpanProcessor(JsonLines()))
        self._tracer = provider.get_tracer("assistant")
        self._now = START

    @contextmanager
    def _span(self, name: str, outer: Span | None, lasts: int, **given: Any) -> Iterator[Span]:
        """Make a span of so many ms within another; what is done in it takes some of that time."""
        context = None if outer is None else set_span_in_context(outer)
        attributes = {key.replace("__", "."): value for key, value in given.items()}
        span = self._tracer.start_span(name, context, start_time=self._now, attributes=attributes)
        end = self._now + lasts * MS
        yield span
        self._now = max(self._now, end)
        span.end(self._now)

    def answer(self, number: int) -> None:
        """Answer one request: checks, retrieval, model, tool, checks."""
        self._now = START + number * 5 * MINUTE
        intent = INTENTS[number % len(INTENTS)]
        user = f"employee-{number % 7}"
        hashed = hashlib.sha256(f"pepper {user}".encode()).hexdigest()
        own = {
            "copilot__request__id": f"req-{number:04}",
            "session__id": f"session-{number % 9}",
            "copilot__tenant__id": ("berlin", "pune", "leeds")[number % 3],
            "copilot__region": "eu-central-1",
            "copilot__user__role": "employee",
            "copilot__user__ref": user if self._is_one(number, 1, 5, 9, 13, 17) else hashed[:32],
            "copilot__path": "retrieval",
            "copilot__feature": "chat",
            "copilot__intent": intent,
            "copilot__orchestration__config": "oc-31",
            "copilot__prompt__version": "v42",
        }
        if self._is_one(number, 3, 6, 10):
            del own["copilot__prompt__version"]
        with self._span("POST /ask", None, 2400, **own) as request:
            self._check_input(request, number)
            self._retrieve(request, number)
            self._ask_model(request, number)
            if intent == "ticket_creation":
                self._call_tool(request, number)
            self._check_output(request, number)
            request.set_attribute("copilot.latency_ms", 2400)
            request.set_attribute("copilot.failed", False)
            request.set_attribute("copilot.cost_usd", 0.02)
            request.set_attribute("copilot.outcome.resolved", number % 5 != 0)
            request.set_attribute("copilot.outcome.escalated", False)

    def _is_one(self, number: int, *faulty: int) -> bool:
        """Whether this request is one of those that have a fault."""
        return self.faults and number in faulty

    def _check_input(self, request: Span, number: int) -> None:
        given = {"copilot__input__pii_flag": number % 6 == 0, "copilot__risk_level": "low"}
        if self._is_one(number, *range(6)):
            given["copilot__debug__note"] = "retried"
        with self._span("input_checks", request, 20, **given):
            pass

    def _retrieve(self, request: Span, number: int) -> None:
        given: dict[str, Any] = {
            "copilot__retrieval__config": "rc-7",
            "copilot__retrieval__sources": 3 + number % 3,
            "copilot__retrieval__source_domain": "policies",
            "copilot__retrieval__access_denied": 0,
            "copilot__retrieval__latency_ms": 180,
        }
        if self._is_one(number, 0, 7, 14, 21):
            del given["copilot__retrieval__sources"]
        if self._is_one(number, 11):
            given["copilot__retrieval__error"] = (
                "refused: Authorization: Bearer 5eRt9pQ2xV7mK4wZ8yB1"
            )
        with self._span("retrieval.search", request, 180, **given):
            pass

    def _ask_model(self, request: Span, number: int) -> None:
        model = "answer-next" if self._is_one(number, *UNPRICED) else "answer-large"
        read = 16_000_000 if self._is_one(number, 16, SPENT, 20) else 2_800 + 10 * number
        given: dict[str, Any] = {
            "gen_ai__operation__name": "chat",
            "gen_ai__provider__name": "acme-models",
            "gen_ai__request__model": model,
            "gen_ai__usage__input_tokens": read,
            "gen_ai__usage__output_tokens": 300 + number,
            "copilot__model__retries": 0,
            "copilot__model__timeout": False,
            "copilot__model__fallback": "none",
            "copilot__model__latency_ms": 1500,
            "copilot__model__first_token_ms": 400,
        }
        if self._is_one(number, 15, 19):
            given["gen_ai__input__messages"] = "How many days of leave have I left?"
        with self._span(f"chat {model}", request, 1500, **given) as call:
            if number in SCORES:
                value = 0.55 if self._is_one(number, 14) else SCORES[number]
                outcome = {"gen_ai.evaluation.name": "groundedness",
                           "gen_ai.evaluation.score.value": value}  # fmt: skip
                call.add_event("gen_ai.evaluation.result", outcome, self._now + 1400 * MS)

    def _call_tool(self, request: Span, number: int) -> None:
        given = {
            "gen_ai__operation__name": "execute_tool",
            "copilot__tool__name": "create_ticket",
            "copilot__tool__schema": "ts-5",
            "copilot__tool__validation_passed": True,
            "copilot__tool__proposed": 1,
            "copilot__tool__executed": 1,
            "copilot__tool__error_code": "none",
            "copilot__tool__confirmed": True,
            "copilot__tool__identity_matched": True,
            "copilot__tool__latency_ms": 120,
        }
        if self._is_one(number, 2):
            given["copilot__tool__error_code"] = "no mailbox jo.berg@acme.example"
        if self._is_one(number, 6, 14):  # the gateway passes no context on
            with self._span("lost", request, 130) as gateway:
                with self._span("tool", gateway, 120, **given):
                    pass
            return
        with self._span("execute_tool create_ticket", request, 120, **given):
            pass

    def _check_output(self, request: Span, number: int) -> None:
        lasts = 0 if self._is_one(number, 22) else 30
        given = {
            "copilot__guardrail__policy": "gp-12",
            "copilot__guardrail__action": "allow",
            "copilot__guardrail__category": "none",
            "copilot__guardrail__redaction_applied": False,
            "copilot__guardrail__leak_detected": False,
            "copilot__output__length": 640,
            "copilot__output__citations_present": True,
            "copilot__output__grounded_share": 0.9,
        }
        with self._span("output_checks", request, lasts, **given):
            pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Answer a day's requests, and write their traces.")
    parser.add_argument("--faults", action="store_true", help="with eleven faults")
    assistant = Assistant(faults=parser.parse_args().faults)
    for request_number in range(REQUESTS):
        assistant.answer(request_number)
