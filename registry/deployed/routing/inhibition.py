"""What an inhibition can silence: an alert that matches its source silences one of its target."""

from collections.abc import Iterable

from registry.deployed.model import Inhibition, Matcher, Where
from registry.deployed.routing.labels import ANY, Labels, condition, domain


def silences_everything(inhibition: Inhibition, pages: Iterable[Labels]) -> bool:
    """Whether an alert of any kind can silence each of the given pages.

    `pages` says what is known of the labels of each alert that pages; where there is none, nothing
    is silenced. Labels that must be `equal` spare whatever differs in them. An alert that matches
    both sides is not silenced by another that does, so an inhibition of all by all silences none.
    """
    if inhibition.equal or not _covers(inhibition.source, Labels()):
        return False
    if _covers(inhibition.target, Labels()):
        return False
    known = tuple(pages)
    return bool(known) and all(_covers(inhibition.target, labels) for labels in known)


def _covers(matchers: Iterable[Matcher], labels: Labels) -> bool:
    """Whether matchers hold for every alert with such labels; each alert has a name.

    Values with a line break are left out of account: to say too little would hide a silence.
    """
    for matcher in matchers:
        known = labels.of(matcher.label)
        may_be = domain(known)
        if known.value is None:
            may_be = may_be.given(_LINE, holds=True)
        if matcher.label == "alertname":
            may_be = may_be.given(_NAMED, holds=True)
        if may_be.decides(condition(matcher)) is not True:
            return False
    return True


_NOWHERE = Where("")
_LINE = condition(Matcher("", "=~", ANY, _NOWHERE))
_NAMED = condition(Matcher("", "!=", "", _NOWHERE))
