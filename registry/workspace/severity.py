"""What a severity means in one registry: its own word, over the policy's."""

from registry.model.metrics import SeverityLevel, SeverityName
from registry.model.settings import Settings
from registry.workspace.workspace import Workspace


def severity(workspace: Workspace, settings: Settings, name: SeverityName) -> SeverityLevel:
    """Return a severity's criteria and response time: the registry's, else the policy's.

    What the registry's own entry leaves out stays as the policy has it. A field that is there and
    did not load is None: what it says is not known.
    """
    usual = settings.severities.get(name, SeverityLevel.model_construct())
    own = workspace.all(SeverityLevel).get(name)
    if own is None:
        return SeverityLevel.model_construct() if workspace.has("severities", name) else usual
    failed = workspace.failed_fields.get(("severities", name), frozenset())
    known = {
        field: getattr(own, field) or (None if field in failed else getattr(usual, field))
        for field in SeverityLevel.model_fields
    }
    return SeverityLevel.model_construct(**known)
