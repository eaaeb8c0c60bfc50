"""What a severity asks for: the registry's own words over the policy's, one severity at a time."""

from registry.model.metrics import SeverityLevel
from registry.model.scalars import Duration
from registry.settings import Settings
from registry.workspace import Workspace


def respond_within(workspace: Workspace, settings: Settings, severity: str) -> Duration | None:
    """Return how soon somebody must respond to a severity; None where nothing says it."""
    own = workspace.all(SeverityLevel).get(severity)
    if own is not None and own.respond_within is not None:
        return own.respond_within
    usual = settings.severities.get(severity)
    return usual.respond_within if usual else None


def criteria(workspace: Workspace, settings: Settings, severity: str) -> str | None:
    """Return what makes something of a severity; None where nothing says it."""
    own = workspace.all(SeverityLevel).get(severity)
    if own is not None and own.criteria is not None:
        return own.criteria
    usual = settings.severities.get(severity)
    return usual.criteria if usual else None
