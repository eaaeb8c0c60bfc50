"""A class of failure that the policy asks a runbook for, and that no runbook covers.

Why: behaviour that goes wrong gives no stack trace. Without a page that says where to begin, each
responder starts from nothing, and the second hour goes into what the first one already found.

Mend: write the runbook, as `runbooks/CLASS.md` or under `runbooks:`. Where one that you have
answers for the class already, name the class in its `covers`. `required_runbooks` lists the
classes; a policy of your own may ask for others.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import Runbook


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each required class that no runbook covers, by id or through `covers`."""
    covered = {name for id_, book in context.each(Runbook) for name in (id_, *book.covers)}
    for name in dict.fromkeys(context.settings.required_runbooks):
        is_uncertain = context.workspace.has("runbooks", name) or context.may_hide(name)
        if name in covered or is_uncertain:
            continue
        message = f"no runbook covers `{name}`"
        help_ = f"write `runbooks/{name}.md`, or name `{name}` in the `covers` of another"
        yield context.absent("runbooks", name, "required_runbooks", message, help_)


RULE = rule(__name__, __doc__, "I W E", check, seeds=(1,), settings=("required_runbooks",))
