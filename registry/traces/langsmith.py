"""LangSmith's runs, and feedback on them, as JSON lines: one a line, as its API gives them.

What a run says is mapped to the names of the semantic conventions (`registry.traces.conventions`);
its `inputs` and `outputs` are what people wrote and models answered.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from registry.clock.civil import instant
from registry.traces import conventions as names
from registry.traces.content import SPAN_NAME, STATUS, is_suspect
from registry.traces.decode import DecodeError, decode
from registry.traces.otlp import NO_ID, NO_START, NOT_JSON, ODD_SCORE
from registry.traces.recorder import NO_RESOURCE, Recorder
from registry.traces.tables import NONE
from registry.traces.unread import UnreadCounts

NO_RUN = "a line that is neither a run nor a feedback"
_EPOCH = instant(datetime(1970, 1, 1, tzinfo=UTC))
_TOTALS = ("prompt_tokens", "completion_tokens")
_MODEL_RUNS = frozenset({"llm", "embedding"})


class RunReader:
    """Reads lines of one file after the other; attributes are pairs of key and value."""

    def __init__(self, recorder: Recorder, unread: UnreadCounts) -> None:
        self._recorder = recorder
        self._unread = unread

    def line(self, file: str, number: int, line: bytes) -> int:
        """Read one line; return how many spans it holds."""
        self._recorder.read = _pair
        known = self._recorder.odd_scores
        try:
            run = decode(line)
        except DecodeError:
            self._unread.add(file, number, NOT_JSON)
            return 0
        count = self._line(file, number, line, run)
        if self._recorder.odd_scores > known:
            self._unread.add(file, number, ODD_SCORE, self._recorder.odd_scores - known)
        return count

    def _line(self, file: str, number: int, line: bytes, run: Any) -> int:
        """Read what a line says; return how many spans it holds."""
        if is_feedback(run):
            fault = self._feedback(run)
            if fault:
                self._unread.add(file, number, fault)
            return 0
        fault = self._run(run, suspect=is_suspect(line)) if is_run(run) else NO_RUN
        if fault:
            self._unread.add(file, number, fault)
        return int(fault != NO_RUN)

    def _run(self, run: Mapping[str, Any], *, suspect: bool) -> str:
        trace, span = (_text(run.get(key)) for key in ("trace_id", "id"))
        began, ended = (_moment(run.get(key)) for key in ("start_time", "end_time"))
        if not trace or not span:
            return NO_ID
        if began == NONE:
            return NO_START
        pairs = list(_attributes(run))
        keys = tuple(key for key, _ in pairs)
        parent, name = _text(run.get("parent_run_id")) or None, _text(run.get("name"))
        self._recorder.span(trace, span, parent, name, began, ended, keys, pairs, NO_RESOURCE)
        if suspect:
            for key, given in [*pairs, (SPAN_NAME, name), (STATUS, run.get("error"))]:
                if isinstance(given, str):
                    self._recorder.found(trace, span, names.canonical(key), given)
        return ""

    def _feedback(self, given: Mapping[str, Any]) -> str:
        at = _moment(given.get("created_at"))
        if at == NONE:
            return "a feedback that does not say when it was given"
        run = _text(given.get("run_id"))
        trace = _text(given.get("trace_id")) or run
        self._recorder.event_score(trace, run, at, str(given["key"]), given.get("score"), None)
        return ""


def is_run(given: Any) -> bool:
    """Whether a line is a run."""
    return isinstance(given, dict) and "run_type" in given


def is_feedback(given: Any) -> bool:
    """Whether a line is feedback on a run."""
    return isinstance(given, dict) and {"key", "score", "run_id"} <= given.keys()


def _pair(one: tuple[str, Any]) -> Any:
    return one[1]


def _attributes(run: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what a run carries, by the conventions' names where these mean the same."""
    kind = _text(run.get("run_type"))
    yield names.OPERATION, names.RUN_OPERATIONS.get(kind, kind)
    extra = _mapping(run.get("extra"))
    metadata = _mapping(extra.get("metadata"))
    for key, given in metadata.items():
        if key != "usage_metadata":
            yield names.RUN_METADATA.get(key, key), _plain(given)
    asked = _mapping(extra.get("invocation_params"))
    model = asked.get("model") or asked.get("model_name")
    if "ls_model_name" not in metadata and isinstance(model, str):
        yield names.ASKED_MODEL, model
    if kind in _MODEL_RUNS:  # what holds these has the sums of what is within it
        yield from _usage(run, _mapping(metadata.get("usage_metadata")))
    for key, name in zip(("inputs", "outputs"), names.RUN_CONTENT.get(kind, _ANY), strict=True):
        text = _plain(run.get(key))
        if text:
            yield name, text


_ANY = names.RUN_CONTENT["llm"]


def _usage(run: Mapping[str, Any], usage: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    usage = usage or _mapping(_mapping(run.get("outputs")).get("usage_metadata"))
    prompt, completion = (run.get(key) for key in _TOTALS)
    for name, given in (
        (names.INPUT, usage.get("input_tokens", prompt)),
        (names.OUTPUT, usage.get("output_tokens", completion)),
        (names.CACHED, _mapping(usage.get("input_token_details")).get("cache_read")),
    ):
        if given is not None:
            yield name, given


def _mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}


def _text(given: Any) -> str:
    return given if isinstance(given, str) else ""


def _plain(given: Any) -> Any:
    """Return a number, a truth or a text as it is, and of a list or a map the texts in it."""
    if not isinstance(given, (dict, list)):
        return given
    found: list[str] = []
    pending: list[Any] = [given]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending += reversed(one.values())
        elif isinstance(one, list):
            pending += reversed(one)
        elif one is not None:
            found.append(str(one))
    return "\n".join(found)


def _moment(given: Any) -> int:
    """Read an ISO 8601 instant, in UTC where it has no offset, as µs since 1970; -1 for none."""
    if not isinstance(given, str):
        return NONE
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        return NONE
    return instant(found if found.tzinfo else found.replace(tzinfo=UTC)) - _EPOCH
