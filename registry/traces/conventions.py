"""The names under which traces carry what is asked for: one table for all who record.

Names are those of the OpenTelemetry semantic conventions for generative AI, as the table beside
`registry.checks.opentelemetry` has them (its first line states the version). A deprecated name
that has one successor there means the successor. LangSmith's names stand here, from its page *Run
(span) data format* (docs.langchain.com/langsmith/run-data-format), each beside the name of the
conventions that means the same; what has none keeps its own.
"""

import re
from functools import cache

from registry.checks.opentelemetry import conventions, sensitive

OPERATION = "gen_ai.operation.name"
MODEL = "gen_ai.response.model"
ASKED_MODEL = "gen_ai.request.model"
INPUT = "gen_ai.usage.input_tokens"
CACHED = "gen_ai.usage.cache_read.input_tokens"
OUTPUT = "gen_ai.usage.output_tokens"
EVALUATION = "gen_ai.evaluation.result"
"""The event that an evaluation's outcome is."""
SCORED = "gen_ai.evaluation.name"
SCORE = "gen_ai.evaluation.score.value"
LABEL = "gen_ai.evaluation.score.label"
EXPLANATION = "gen_ai.evaluation.explanation"

NO_CALLS = frozenset({"invoke_agent", "create_agent", "invoke_workflow", "execute_tool"})
"""Operations whose token counts, if any, are the sums of the calls within them."""
EMBEDDINGS = "embeddings"
CALLS = frozenset({"chat", "text_completion", "generate_content", EMBEDDINGS})
"""Operations that are a call of a model, whether or not tokens were counted."""

RUN_METADATA = {
    "ls_model_name": ASKED_MODEL,
    "ls_provider": "gen_ai.provider.name",
    "ls_temperature": "gen_ai.request.temperature",
    "ls_max_tokens": "gen_ai.request.max_tokens",
    "thread_id": "gen_ai.conversation.id",
}
"""LangSmith's keys in a run's `extra.metadata`, and what the conventions call them."""

RUN_OPERATIONS = {
    "llm": "chat",
    "embedding": EMBEDDINGS,
    "tool": "execute_tool",
    "retriever": "retrieval",
    "chain": "invoke_workflow",
}
"""LangSmith's `run_type`, and the conventions' operation."""

RUN_CONTENT = {
    "llm": ("gen_ai.input.messages", "gen_ai.output.messages"),
    "tool": ("gen_ai.tool.call.arguments", "gen_ai.tool.call.result"),
    "retriever": ("gen_ai.retrieval.query.text", "gen_ai.retrieval.documents"),
}
"""What a run's `inputs` and `outputs` are, by its type; else messages, as of a model."""

_NUMBERED = re.compile(r"\.\d+(?=\.|$)")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]{0,127}")

_CONTENT = frozenset({EXPLANATION})
"""What the conventions describe as free text about an answer, and the other table leaves out."""


@cache
def version() -> str:
    """Return the version of the conventions whose names these are."""
    return conventions().version


def canonical(name: str) -> str:
    """Return the name that means the same today: of a deprecated one its one successor.

    A number in it, as in `gen_ai.prompt.0.content`, is written `*`: such attributes are one.
    """
    successors = conventions().deprecated.get(name, ())
    if len(successors) == 1:
        return successors[0]
    return _NUMBERED.sub(".*", name) if any(map(str.isdigit, name)) else name


def kind_of(name: str) -> str | None:
    """Tell whether an attribute is `content` or `personal` by the conventions; None for neither."""
    return "content" if name in _CONTENT else sensitive(name)


def is_plain(name: str) -> bool:
    """Whether an attribute's name is one, and no text of somebody's that became one."""
    return _PLAIN.fullmatch(name) is not None
