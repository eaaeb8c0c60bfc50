"""A function that decides has no dashboard of its own.

Why: leadership, operations, product and security each look at other figures and decide other
things. Where one of them has no page, it decides by what the others show.

Mend: add a dashboard whose `audience` is a person or role of that function. The policy's
`required_dashboards` lists the functions.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.cadence import Dashboard


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each required function that is the audience of no dashboard."""
    audiences = [(id_, one.audience) for id_, one in context.each(Dashboard)]
    if any(context.failed(Dashboard, id_, "audience") for id_, _ in audiences):
        return
    if any(name is not None and context.workspace.kind_of(name) is None for _, name in audiences):
        return  # misspelt, and it may be the one
    served = {
        function
        for _, name in audiences
        if name is not None
        for function in context.indexes.functions(name)
    }
    for function in context.settings.required_dashboards:
        if function in served or context.may_hide(function):
            continue
        message = f"no dashboard has {function} as its audience"
        help_ = f"add one whose `audience` is a person or role with `function: {function}`"
        yield context.absent("dashboards", function, "required_dashboards", message, help_)


RULE = rule(__name__, __doc__, "· W W", check, seeds=(4,), settings=("required_dashboards",))
