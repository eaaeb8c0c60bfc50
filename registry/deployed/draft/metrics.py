"""Which metrics drafted alerts are on: what differs only in the number that it asks for is one."""

from collections.abc import Iterable, Iterator, Sequence

from registry.deployed.model import DeployedAlert
from registry.deployed.promql.parse import parsed
from registry.deployed.promql.tokens import Token, normal, words
from registry.deployed.promql.tree import Operation

_COMPARISONS = frozenset({">", "<", ">=", "<=", "==", "!="})
_GROUPING = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_KEYWORDS = _GROUPING | {"and", "or", "unless", "bool", "offset", "inf", "nan", "atan2", "start",
                         "end"}  # fmt: skip
_CALLED = frozenset({"(", "by", "without"})
"""What follows the name of a function or an aggregation."""
_OPEN, _CLOSE = "({[", ")}]"


def measured(alert: DeployedAlert) -> str | None:
    """Tell what a rule measures: its query, without the number that it is compared with.

    Two rules that measure the same are of one family. None where there is no query.
    """
    if alert.expr is None:
        return None
    tokens = [one for one in words(alert.expr.value) if one.kind != "space"]
    end = _compared(tokens) if _is_comparison(alert.expr.value) else None
    return " ".join(map(normal, tokens[:end])) or None


def names(alert: DeployedAlert) -> Iterator[str]:
    """Yield the metrics that a rule's query names, in order."""
    tokens = [one for one in words(alert.expr.value if alert.expr else "") if one.kind != "space"]
    inside: list[str] = []
    for number, one in enumerate(tokens):
        after = tokens[number + 1].text if number + 1 < len(tokens) else ""
        if one.text in _OPEN:
            before = tokens[number - 1].text.lower() if number else ""
            inside.append("by" if before in _GROUPING else one.text)
        elif one.text in _CLOSE and inside:
            inside.pop()
        elif (
            one.kind == "word"
            and not {"by", "{"} & {*inside}
            and after.lower() not in _CALLED
            and one.text.lower() not in _KEYWORDS
        ):
            yield one.text


def together(rules: Iterable[Sequence[DeployedAlert]]) -> list[list[int]]:
    """Group sets of rules, by their numbers: those with a query of one family are together."""
    families: dict[str, list[int]] = {}
    groups: list[list[int]] = []
    for number, each in enumerate(rules):
        texts = [text for text in map(measured, each) if text is not None]
        known = next((families[text] for text in texts if text in families), None)
        group = [] if known is None else known
        group.append(number)
        if known is None:
            groups.append(group)
        for text in texts:
            families.setdefault(text, group)
    return groups


def _is_comparison(query: str) -> bool:
    tree = parsed(query)
    return isinstance(tree, Operation) and tree.operator in _COMPARISONS


def _compared(tokens: Sequence[Token]) -> int | None:
    """Return where the comparison with a number begins, with which a query ends."""
    at = len(tokens)
    while at and (tokens[at - 1].kind == "number" or tokens[at - 1].text in {"-", "+", "bool"}):
        at -= 1
    is_there = 0 < at < len(tokens) and tokens[at - 1].text in _COMPARISONS
    return at - 1 if is_there else None
