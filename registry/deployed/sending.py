"""What a server makes of an alert before Alertmanager sees it: labels added, then relabelling.

Where several servers may have sent an alert, only what all of them agree on is known.
"""

from collections.abc import Collection, Sequence

from registry.deployed.model import Sender
from registry.deployed.relabelling import Sent, either, relabelled, together
from registry.deployed.routing.labels import ANYTHING, Known, Labels, domain


def sent(
    labels: Labels, senders: Sequence[Sender], asked: Sequence[str], own: Collection[str]
) -> Sent:
    """Say what is known of an alert as it is sent; `own` are the labels that its rule sets.

    `asked` are the labels that matter afterwards.
    """
    if not senders:
        return Sent(labels)
    each = [_through(labels, one, asked, own) for one in senders]
    going = [one for one in each if one.dropped is not True]
    if not going:
        return each[0]
    dropped = None if any(one.dropped is not False for one in each) else False
    by = next((one.by for one in each if one.by is not None), None)
    return Sent(together([one.labels for one in going]), dropped, by)


def _through(labels: Labels, sender: Sender, asked: Sequence[str], own: Collection[str]) -> Sent:
    if sender.relabelling is None:
        return Sent(Labels())
    known = dict(labels.known)
    for label, text in sender.external_labels.items():
        value = None if "$" in text.value else text.value
        if sender.overrides and label not in own:
            known[label] = Known(value)
        else:
            known[label] = _with_external(labels.of(label), value)
    return relabelled(labels._replace(known=known), sender.relabelling, asked)


def _with_external(known: Known, value: str | None) -> Known:
    """Say what is known of a label that a server adds where it is absent; None: any value."""
    if _is_present(known) or value == "":
        return known
    if value is None:
        return ANYTHING
    return Known(value) if known.value == "" else either([known, Known(value)])


def _is_present(known: Known) -> bool:
    """Whether every series has a label, so that no server adds it."""
    return known.value != "" if known.value is not None else not domain(known).allows("")
