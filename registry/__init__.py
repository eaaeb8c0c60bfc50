"""opmodel: who owns it, who is paged, and what they do, in files that can be checked.

The public names are those of `__all__`; importing the package itself loads none of them.
"""
# ruff: noqa: TC004 - each name is loaded when it is first asked for

import sys

TYPE_CHECKING = False  # as of `typing`, whose import would be most of this module's time
if TYPE_CHECKING:
    from types import ModuleType

    from registry.api import check as check
    from registry.api import load as load
    from registry.api import who as who
    from registry.diagnostic import Diagnostic as Diagnostic
    from registry.diagnostic import Severity as Severity
    from registry.errors import CannotRunError as CannotRunError
    from registry.export.frame import alert_coverage as alert_coverage
    from registry.export.frame import duties as duties
    from registry.export.frame import metric_dictionary as metric_dictionary
    from registry.export.frame import role_matrix as role_matrix
    from registry.workspace.workspace import Workspace as Workspace
else:
    ModuleType = type(sys)

__all__ = [
    "CannotRunError", "Diagnostic", "Severity", "Workspace", "alert_coverage", "check", "duties",
    "load", "metric_dictionary", "role_matrix", "who",
]  # fmt: skip

_HOMES = {
    "check": "registry.api",
    "load": "registry.api",
    "who": "registry.api",
    "alert_coverage": "registry.export.frame",
    "duties": "registry.export.frame",
    "metric_dictionary": "registry.export.frame",
    "role_matrix": "registry.export.frame",
    "CannotRunError": "registry.errors",
    "Diagnostic": "registry.diagnostic",
    "Severity": "registry.diagnostic",
    "Workspace": "registry.workspace.workspace",
}


class _Package(ModuleType):
    """The package itself, in which a public name is never its namesake module.

    Importing `registry.check` would otherwise put that module in the place of `registry.check()`.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module `registry` has no attribute `{name}`")
        from importlib import import_module

        value = getattr(import_module(_HOMES[name]), name)
        super().__setattr__(name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package
