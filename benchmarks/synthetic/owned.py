"""What a team owns: the rows of the matrix and the components of its product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from synthetic.document import Entity, Fields
from synthetic.team import Team


class _Layer(NamedTuple):
    name: str
    title: str
    description: str


_LAYERS = (
    _Layer(
        "prompt-content",
        "Prompt content",
        (
            "System prompts, templates and few-shot examples of {title}, and the words in which it "
            "declines to answer."
        ),
    ),
    _Layer(
        "retrieval",
        "Retrieval",
        (
            "Which sources {title} may read, how they are cut and ranked, and whose rights decide "
            "what a person sees."
        ),
    ),
    _Layer(
        "model-selection",
        "Model selection",
        (
            "Which model answers which intent of {title}, with its settings, its fallback and its "
            "share of the budget."
        ),
    ),
    _Layer(
        "eval-set",
        "Evaluation set",
        (
            "The cases that {title} must pass before anything of it is released, and who may "
            "change what they expect."
        ),
    ),
    _Layer(
        "behavioural-quality",
        "Behaviour",
        (
            "Whether the answers of {title} are grounded, useful and allowed, in the sample and in "
            "the complaints alike."
        ),
    ),
)


class _Part(NamedTuple):
    kind: str
    layer: str
    risk: str
    version_field: str
    rollback: str


_PARTS = (
    _Part(
        "prompt",
        "prompt-content",
        "medium",
        "prompt_version",
        "Publish the previous prompt from the prompt store, then run the evaluation set.",
    ),
    _Part(
        "connector",
        "retrieval",
        "high",
        "retrieval_config",
        "Redeploy the previous connector configuration; its import runs within the hour.",
    ),
    _Part(
        "app",
        "prompt-content",
        "low",
        "prompt_version",
        "Roll the deployment back to the release before; sessions are kept.",
    ),
    _Part(
        "orchestration",
        "prompt-content",
        "medium",
        "retrieval_config",
        "Pin the graph to its last good version, which the release notes name.",
    ),
    _Part(
        "model",
        "model-selection",
        "medium",
        "model_version",
        "Point the model alias at the previous deployment, which stays warm for two weeks.",
    ),
    _Part(
        "retrieval",
        "retrieval",
        "medium",
        "retrieval_config",
        "Switch the index alias to the previous snapshot; the last three are kept.",
    ),
    _Part(
        "tool",
        "retrieval",
        "high",
        "retrieval_config",
        (
            "Disable the tool, then restore its last released schema, and tell the owners of what "
            "it writes to."
        ),
    ),
    _Part(
        "guardrail",
        "behavioural-quality",
        "medium",
        "model_version",
        "Restore the rule set of the last release, and keep the log of what it stopped.",
    ),
    _Part(
        "eval-set",
        "eval-set",
        "low",
        "prompt_version",
        "Check out the tagged set of the release before.",
    ),
)


def owned(team: Team) -> Iterator[Entity]:
    """Yield the team's ownership rows and components."""
    for ordinal, layer in enumerate(_LAYERS if team.size.complete else _LAYERS[-1:]):
        yield team.entity("ownership", f"{team.id}-{layer.name}", _row(team, ordinal, layer))
    for part in _PARTS if team.size.complete else _PARTS[:2]:
        yield team.entity("components", component_id(team, part.kind), _component(team, part))


def component_id(team: Team, kind: str) -> str:
    """Return the id of the team's component of a kind."""
    return f"{team.id}-{kind}"


def layer_id(team: Team, layer: str) -> str:
    """Return the id of the team's row for a layer: a small team's only row covers them all."""
    return f"{team.id}-{layer if team.size.complete else _LAYERS[-1].name}"


def released_parts(team: Team) -> list[str]:
    """Return the ids of the components that a gate lets through."""
    return [
        component_id(team, part.kind) for part in (_PARTS if team.size.complete else _PARTS[:2])
    ]


def _row(team: Team, ordinal: int, layer: _Layer) -> Fields:
    names = [layer.name] if team.size.complete else [each.name for each in _LAYERS]
    # One layer has one answer: the first team's rows are the company's, the others are parts of it.
    covers: Fields = {} if team.ordinal else {"covers": names}
    return {
        "title": f"{layer.title} of {team.title}",
        "description": layer.description.format(title=team.title),
        "accountable": team.member(ordinal),
        "team": team.id,
        "responsible": [team.member(ordinal + 1), team.member(ordinal + 2)],
        "consulted": ["security-lead", "reliability"],
        "informed": ["product-owner"],
        **covers,
    }


def _component(team: Team, part: _Part) -> Fields:
    fields: dict[str, str | bool] = {
        "kind": part.kind,
        "layer": layer_id(team, part.layer),
        "risk": part.risk,
        "version_field": part.version_field,
        "rollback": part.rollback,
    }
    if part.kind == "tool":
        fields["writes"] = True
    return {**fields, "x-repository": f"https://git.acme.example/{team.id}/{part.kind}"}
