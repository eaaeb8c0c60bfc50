"""The same id twice: in one section, or among all that can be addressed.

Why: people, teams, roles, schedules, escalations and channels share one id space, so that a
reference to any of them needs no prefix. An id that means two things pages the wrong one.

Mend: rename one of the two and what refers to it. Both places are shown.
"""

from registry.checks.rule import rule

RULE = rule(__name__, __doc__, "E E E")
