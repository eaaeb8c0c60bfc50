"""From a syntax tree to a function: names and fields are checked once, before anything is asked.

The steps of a loop are counted ahead of each round, so that nothing is counted within it.
"""

from collections.abc import Callable
from types import GenericAlias
from typing import Any, NamedTuple

from registry.checks.cel.facts import Facts
from registry.checks.cel.literals import literal
from registry.checks.cel.macros import MACROS, Loop, macro
from registry.checks.cel.operators import BINARY, FUNCTIONS, PLAIN, call, index, member, negate
from registry.checks.cel.parse import DEEPEST, parse, too_deep
from registry.checks.cel.values import (
    UNKNOWN,
    FailedError,
    Meter,
    WrongExpressionError,
    kind_of,
)
from registry.model.entity import Entity
from registry.model.fields import Kind, fields, items
from registry.model.sections import SECTION_OF, SECTIONS
from registry.wording import counted, did_you_mean

Tree = Any
"""The parser's trees, whose children are trees and tokens."""
Scope = dict[str, Any]
Run = Callable[[Scope], Any]
Kinds = tuple[Kind, ...]

MOST_LOOPS = 4
"""Loops within each other."""

BOOL: Kinds = (Kind(bool),)
_CHAIN = frozenset(
    {"expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary",
     "member", "primary", "paren_expr"}
)  # fmt: skip
"""What stands for its only child."""
_RESERVED = frozenset({"self", "id", *SECTIONS})


class Node(NamedTuple):
    """A part of an expression: how it runs, what it may give (nothing: anything), its steps."""

    run: Run
    kinds: Kinds = ()
    cost: int = 1


class Expression(NamedTuple):
    """An expression that may be asked of each entity of a section."""

    run: Run
    cost: int
    names: frozenset[str]
    """The sections that it reads."""

    def ask(self, entity: Any, facts: Facts, meter: Meter) -> Any:
        """Tell whether it holds of an entity: true, false, or unknown.

        Raises FailedError where a value is of another kind than is asked for, or the answer is
        neither true nor false, and OverBudgetError where it takes too many steps.
        """
        meter.begin(self.cost)
        scope: Scope = {name: facts.section(name) for name in self.names}
        scope["self"], scope["id"] = entity, entity.get("id")
        found = self.run(scope)
        if found is not UNKNOWN and not isinstance(found, bool):
            raise FailedError(f"it gives {kind_of(found)}, not true or false")
        return found


def compile_expression(text: str, section: str, meter: Meter) -> Expression:
    """Compile an expression over the entities of a section; its loops count on `meter`.

    Raises WrongExpressionError for what is no CEL, or names what there is not.
    """
    compiler = _Compiler(section, meter)
    node = compiler.node(parse(text))
    if node.kinds and all(kind.of is not bool for kind in node.kinds):
        raise WrongExpressionError(
            "the expression gives no true or false", "write what must hold, as `self.owner != null`"
        )
    return Expression(node.run, node.cost, frozenset(compiler.sections))


class _Compiler:
    """Compiles one expression; `bound` are the variables of the loops around."""

    def __init__(self, section: str, meter: Meter) -> None:
        self.meter = meter
        self.sections: set[str] = set()
        self.depth = 0
        self.loops = 0
        self.bound: dict[str, Kinds] = {
            "self": (Kind(SECTIONS[section].model),), "id": (Kind(str),),
        }  # fmt: skip

    def node(self, tree: Tree) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise too_deep()
        tree = _inner(tree)
        found: Node = getattr(self, f"_{tree.data}", self._unsupported)(tree)
        self.depth -= 1
        return found

    def _unsupported(self, tree: Tree) -> Node:
        raise WrongExpressionError(
            f"`{str(tree.children[0])[:40] if tree.data.startswith('dot') else '{'}` is a part of"
            " CEL that rules have no use for",
            "leave out leading dots, and messages and mappings in braces",
        )

    def _expr(self, tree: Tree) -> Node:
        """Ask one condition after the other, however many: `a ? b : c ? d : e`."""
        pairs: list[tuple[Node, Node]] = []
        while tree.data == "expr" and len(tree.children) > 1:
            asked, yes, rest = tree.children
            pairs.append((self.node(asked), self.node(yes)))
            tree = _inner(rest)
        last = self.node(tree)

        def run(scope: Scope) -> Any:
            for asked, yes in pairs:
                found = truth(asked.run(scope), "? :")
                if found is UNKNOWN:
                    return UNKNOWN
                if found:
                    return yes.run(scope)
            return last.run(scope)

        given = [*(yes.kinds for _, yes in pairs), last.kinds]
        kinds = tuple(kind for one in given for kind in one) if all(given) else ()
        return Node(run, kinds, last.cost + sum(one.cost + yes.cost for one, yes in pairs))

    def _conditionalor(self, tree: Tree) -> Node:
        return self._either(tree, decides=True)

    def _conditionaland(self, tree: Tree) -> Node:
        return self._either(tree, decides=False)

    def _either(self, tree: Tree, *, decides: bool) -> Node:
        """`||` or `&&`: where one side decides, the other may fail or be unknown, as CEL has it."""
        nodes = [self.node(one) for one in _row(tree)]
        sign = "||" if decides else "&&"

        def run(scope: Scope) -> Any:
            failed, told = None, not decides
            for node in nodes:
                try:
                    found = truth(node.run(scope), sign)
                except FailedError as error:
                    failed = error
                    continue
                if found is decides:
                    return decides
                told = UNKNOWN if found is UNKNOWN else told
            if failed is not None:
                raise failed
            return told

        return Node(run, BOOL, sum(node.cost for node in nodes))

    def _relation(self, tree: Tree) -> Node:
        return self._binary(tree)._replace(kinds=BOOL)

    def _addition(self, tree: Tree) -> Node:
        return self._binary(tree)

    def _multiplication(self, tree: Tree) -> Node:
        return self._binary(tree)

    def _binary(self, tree: Tree) -> Node:
        first, steps = _steps(tree)
        begin, meter = self.node(first), self.meter
        rest = [(BINARY[sign], self.node(one)) for sign, one in steps]

        def run(scope: Scope) -> Any:
            value = begin.run(scope)
            for work, node in rest:
                other = node.run(scope)
                is_unknown = value is UNKNOWN or other is UNKNOWN
                value = UNKNOWN if is_unknown else work(value, other, meter)
            return value

        return Node(run, (), begin.cost + sum(node.cost + 1 for _, node in rest))

    def _unary(self, tree: Tree) -> Node:
        operator, second = tree.children
        inner = self.node(second)
        if operator.data == "unary_not":

            def invert(scope: Scope) -> Any:
                found = truth(inner.run(scope), "!")
                return found if found is UNKNOWN else not found

            return Node(invert, BOOL, inner.cost)

        def minus(scope: Scope) -> Any:
            found = inner.run(scope)
            return found if found is UNKNOWN else negate(found)

        return Node(minus, (), inner.cost)

    def _literal(self, tree: Tree) -> Node:
        value = literal(tree.children[0])
        return Node(lambda _: value, (Kind(type(value)),))

    def _ident(self, tree: Tree) -> Node:
        name = str(tree.children[0])
        if name in self.bound:
            return Node(lambda scope: scope[name], self.bound[name])
        if name not in SECTIONS:
            help_ = did_you_mean(name, (*self.bound, *SECTIONS), "write `self`, or a section")
            raise WrongExpressionError(f"there is no section or variable `{name[:60]}`", help_)
        self.sections.add(name)
        listed = GenericAlias(tuple, (SECTIONS[name].model, ...))
        return Node(lambda scope: scope[name], (Kind(listed),))

    def _member_dot(self, tree: Tree) -> Node:
        inner, name = self.node(tree.children[0]), str(tree.children[1])
        kinds = self._field(inner.kinds, name)

        def run(scope: Scope) -> Any:
            value = inner.run(scope)
            return UNKNOWN if value is UNKNOWN else member(value, name)

        return Node(run, kinds, inner.cost + 1)

    def _field(self, kinds: Kinds, name: str) -> Kinds:
        """Tell what a field of a value holds; nothing where that cannot be told beforehand."""
        models = [kind.part for kind in kinds if kind.part is not None]
        if not models or len(models) < len(kinds):
            if kinds and all(kind.origin is tuple for kind in kinds):
                raise WrongExpressionError(
                    f"`.{name[:60]}` is asked of a list", "ask its items: `.exists(x, …)`"
                )
            return ()
        if name == "id" and any(issubclass(model, Entity) for model in models):
            return (Kind(str),)
        found = [fields(model)[name].kinds for model in models if name in fields(model)]
        if found:
            return tuple(kind for some in found for kind in some)
        known = [key for model in models for key in fields(model)]
        of = next((SECTION_OF[one] for one in models if issubclass(one, Entity)), None)
        what = f"`{of}` have" if of else "there is"
        help_ = did_you_mean(name, known, f"it is one of {', '.join(known[:12])} …")
        raise WrongExpressionError(f"{what} no field `{name[:60]}`", help_)

    def _member_index(self, tree: Tree) -> Node:
        inner, key = map(self.node, tree.children)

        def run(scope: Scope) -> Any:
            value, at = inner.run(scope), key.run(scope)
            return UNKNOWN if value is UNKNOWN or at is UNKNOWN else index(value, at)

        return Node(run, self._items(inner.kinds), inner.cost + key.cost + 1)

    def _items(self, kinds: Kinds) -> Kinds:
        if not kinds or any(kind.origin not in {tuple, dict} for kind in kinds):
            return ()
        return tuple(item for kind in kinds for item in items(kind))

    def _list_lit(self, tree: Tree) -> Node:
        nodes = self._arguments(tree.children)

        def run(scope: Scope) -> Any:
            values = [node.run(scope) for node in nodes]
            return UNKNOWN if any(value is UNKNOWN for value in values) else values

        return Node(run, (Kind(list),), 1 + sum(node.cost for node in nodes))

    def _arguments(self, children: list[Tree]) -> list[Node]:
        return [self.node(one) for one in children[0].children] if children else []

    def _ident_arg(self, tree: Tree) -> Node:
        name, *rest = tree.children
        if name == "has":
            return self._has(rest)
        known = [*PLAIN, "has"]
        if name not in PLAIN:
            help_ = did_you_mean(str(name), [*known, *FUNCTIONS, *MACROS], _listed(known))
            raise WrongExpressionError(f"there is no function `{name[:60]}()`", help_)
        return self._call(str(name), self._arguments(rest))

    def _has(self, rest: list[Tree]) -> Node:
        (inner,) = nodes if len(nodes := self._arguments(rest)) == 1 else (None,)
        if inner is None:
            raise WrongExpressionError("`has` takes one field", "write `has(self.owner)`")

        def run(scope: Scope) -> Any:
            value = inner.run(scope)
            return value if value is UNKNOWN else value is not None and value not in ([], {})

        return Node(run, BOOL, inner.cost)

    def _member_dot_arg(self, tree: Tree) -> Node:
        subject, name, *rest = tree.children
        if name in MACROS:
            return self._macro(str(name), subject, rest[0].children if rest else [])
        function = FUNCTIONS.get(str(name))
        if function is None or not function.is_method:
            known = [key for key, one in FUNCTIONS.items() if one.is_method] + [*MACROS]
            help_ = did_you_mean(str(name), known, _listed(known))
            raise WrongExpressionError(f"there is no function `.{name[:60]}()`", help_)
        return self._call(str(name), [self.node(subject), *self._arguments(rest)])

    def _call(self, name: str, nodes: list[Node]) -> Node:
        function, meter = FUNCTIONS[name], self.meter
        if len(nodes) != len(function.takes):
            takes = counted(len(function.takes), "value")
            raise WrongExpressionError(
                f"`{name}` takes {takes}, and is given {len(nodes)}", "correct the call"
            )

        def run(scope: Scope) -> Any:
            return call(name, function, [node.run(scope) for node in nodes], meter)

        return Node(run, (Kind(function.gives),), 1 + sum(node.cost for node in nodes))

    def _macro(self, name: str, subject: Tree, given: list[Tree]) -> Node:
        held = self.node(subject)
        variable = _variable(name, given)
        self.loops += 1
        if self.loops > MOST_LOOPS:
            raise WrongExpressionError(
                f"more than {MOST_LOOPS} loops lie within each other", "split the rule into several"
            )
        outer = dict(self.bound)
        self.bound[variable] = self._items(held.kinds)
        bodies = [self.node(one) for one in given[1:]]
        self.bound = outer
        self.loops -= 1
        loop = Loop(variable, tuple(one.run for one in bodies), sum(one.cost for one in bodies))
        run = macro(name, held.run, loop, self.meter)
        kinds = BOOL if name in {"all", "exists", "exists_one"} else ()
        if name == "filter":
            kinds = held.kinds
        return Node(run, kinds, held.cost + 1)


def _inner(tree: Tree) -> Tree:
    """Leave out what stands for its only child."""
    while tree.data in _CHAIN and len(tree.children) == 1:
        tree = tree.children[0]
    return tree


def _row(tree: Tree) -> list[Tree]:
    """List what a row of the same `&&` or `||` goes between: the grammar nests it to the left."""
    found: list[Tree] = []
    one = tree
    while one.data == tree.data and len(one.children) > 1:
        found.append(one.children[1])
        one = _inner(one.children[0])
    return [one, *reversed(found)]


def _steps(tree: Tree) -> tuple[Tree, list[tuple[str, Tree]]]:
    """Take a row of operators of one rank apart: what it begins with, and each sign and operand."""
    found: list[tuple[str, Tree]] = []
    one = tree
    while one.data == tree.data and len(one.children) > 1:
        operator, second = one.children
        found.append((operator.data, second))
        one = _inner(operator.children[0])
    return one, found[::-1]


def _variable(name: str, given: list[Tree]) -> str:
    """Read the variable of a loop, which is its first argument."""
    takes = MACROS[name]
    if len(given) not in takes:
        raise WrongExpressionError(
            f"`{name}` takes a variable and what is asked of it", f"write `.{name}(x, …)`"
        )
    tree = _inner(given[0])
    word = str(tree.children[0]) if tree.data == "ident" else ""
    if not word or word in _RESERVED:
        raise WrongExpressionError(
            f"the first argument of `{name}` is a variable of your own",
            f"write `.{name}(x, …)`; `self`, `id` and the sections are taken",
        )
    return word


def truth(value: Any, sign: str) -> Any:
    """Return a value that must be true or false, or unknown."""
    if isinstance(value, bool) or value is UNKNOWN:
        return value
    raise FailedError(f"`{sign}` asks for true or false; this is {kind_of(value)}")


def _listed(names: list[str]) -> str:
    return f"it is one of {', '.join(sorted(names))}"
