"""An experiment that nobody owns, that has no criteria to end it, or that is past its end.

Why: a trial without a stopping rule is a release that nobody decided on, and one that ran out and
still stands in the files is a variant that some customers go on getting.

Mend: write in `rollback_when` what ends it early, set `owner`, and close it or move `ends`.
"""

from collections.abc import Iterator

from registry.checks.rule import Context, rule
from registry.diagnostic import Diagnostic
from registry.model.release import Experiment


def check(context: Context) -> Iterator[Diagnostic]:
    """Report each of the three faults that an experiment has."""
    for id_, experiment in context.each(Experiment):
        if not experiment.rollback_when:
            message = f"nothing says when experiment `{id_}` is rolled back"
            help_ = "write the criteria in `rollback_when`"
            yield context.missing(Experiment, id_, "rollback_when", message, help_)
        problem = context.indexes.owner_problem(experiment.owner)
        help_ = "set `owner` to one person, or to a role that one person holds"
        if experiment.owner is None or problem == "nobody":
            message = f"experiment `{id_}` has no owner"
            yield context.missing(Experiment, id_, "owner", message, help_)
        elif problem:
            message = f"experiment `{id_}` is owned by {problem}: nobody in particular"
            yield context.finding(Experiment, id_, "owner", message, help_)
        if context.is_over(experiment.ends):
            message = f"experiment `{id_}` ended at {experiment.ends} and still stands here"
            help_ = "decide: keep the change and remove the experiment, or move `ends`"
            yield context.finding(Experiment, id_, "ends", message, help_)


RULE = rule(__name__, __doc__, "W E E", check, seeds=(0,))
