"""Two kill switches with one flag.

Why: who throws the one throws the other too, and learns it from what else has stopped. Setting the
first back ends the second, whether or not its incident is over.

Mend: give each switch a flag of its own. If both are the same switch, keep one of the two and list
in its `disables` all that it turns off.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.runbooks import KillSwitch


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each kill switch whose flag is an earlier one's."""
    first: dict[str, str] = {}
    for id_, switch in context.each(KillSwitch):
        if switch.flag is None:
            continue
        other = first.setdefault(switch.flag, id_)
        if other != id_:
            message = f"kill switches `{other}` and `{id_}` have one flag, `{switch.flag}`"
            help_ = "give each a flag of its own, or make them one switch"
            related = (context.label(KillSwitch, other, "flag", f"the flag of `{other}`"),)
            yield context.finding(KillSwitch, id_, "flag", message, help_, related=related)


RULE = rule(__name__, __doc__, "E E E", check)
