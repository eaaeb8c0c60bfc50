"""A regression case that is said to be a file of this registry, and is none.

Why: the record says that this cannot happen again unnoticed, and what would notice was never
written, or was moved. Nobody looks, because the box is ticked.

Mend: write the case, correct the path (it counts from the registry's folder), or give the full
address (`https://…`, `eval:…`) of a case that is kept elsewhere.
"""

import re
from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.failures import Incident

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each regression case without a scheme that is no file below the registry's root."""
    for id_, incident in context.each(Incident):
        cases = incident.regression_cases
        for place, case in context.places(Incident, id_, "regression_cases", cases):
            if _SCHEME.match(case) or context.workspace.has_file(case):
                continue
            message = (
                f"the regression case `{case}` of incident `{id_}` is no file of this registry"
            )
            help_ = "write it, correct the path, or give the full address of a case kept elsewhere"
            yield context.finding(Incident, id_, place, message, help_, distinguish=case)


RULE = rule(__name__, __doc__, "I W W", check, seeds=(2, 4))
