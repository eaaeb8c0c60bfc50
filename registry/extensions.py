"""`x-` values against the JSON Schemas that a policy names (OM006)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from registry.diagnostic import Diagnostic, Label
from registry.model.sections import SECTIONS
from registry.nearest import did_you_mean
from registry.policy import Policy
from registry.span import KeyPath, Location
from registry.workspace import Workspace

Read = Callable[[str], bytes | None]


def extension_findings(workspace: Workspace, policy: Policy, read: Read) -> Iterator[Diagnostic]:
    """Check the `x-` keys of each entity as one object against its section's schema.

    `read` opens a schema by its path; nothing is fetched, and patterns run in RE2.
    """
    for section, (path, at) in sorted(policy.extensions.items()):
        if section not in SECTIONS:
            help_ = did_you_mean(section, SECTIONS, "name a section of the format")
            yield _fault(f"there is no section `{section}` to extend", at, help_)
            continue
        raw = read(path)
        if raw is None:
            message = f"the schema `{path}` is absent or cannot be opened"
            yield _fault(message, at, "correct the path; it is relative to the registry's root")
            continue
        yield from _section(workspace, section, raw, path, at)


def _section(
    workspace: Workspace, section: str, raw: bytes, path: str, at: Location
) -> Iterator[Diagnostic]:
    from jsonschema.exceptions import SchemaError

    try:
        schema = json.loads(raw)
        validator = _validator(schema)
    except (ValueError, RecursionError) as error:
        yield _fault(f"the schema `{path}` is not JSON: {error}", at, "correct the file")
        return
    except SchemaError as error:
        yield _fault(f"`{path}` is no JSON Schema: {error.message}", at, "correct the file")
        return
    for id_ in workspace.entities.get(section, {}):
        values = workspace.extensions.get((section, id_), {})
        own = {str(key[0]): value for key, value in values.items() if len(key) == 1}
        try:
            errors = sorted(
                validator.iter_errors(own), key=lambda error: list(map(str, error.path))
            )
        except Exception as error:  # noqa: BLE001 - a schema can fail in ways of its own
            yield _fault(f"the schema `{path}` cannot be applied: {error}", at, "correct the file")
            return
        for fault in errors:
            where: KeyPath = tuple(fault.absolute_path)
            message = f"`{'.'.join(map(str, where)) or 'x-'}`: {fault.message[:300]}"
            yield Diagnostic(
                "OM006",
                message,
                Label(workspace.locate(section, id_, where)),
                "correct the value, or the schema that the policy names",
                (Label(at, "by this schema"),),
                (section, id_),
                where or None,
                fault.message[:200],
            )


def _validator(schema: Any) -> Any:
    import re2
    from jsonschema import Draft202012Validator, ValidationError, validators

    def pattern(_validator: Any, wanted: str, value: Any, _schema: Any) -> Iterator[Any]:
        if isinstance(value, str) and re2.search(wanted, value) is None:
            yield ValidationError(f"`{value[:80]}` does not match `{wanted[:80]}`")

    def pattern_properties(inner: Any, wanted: Any, value: Any, _schema: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            for expression, below in wanted.items():
                for key in value:
                    if re2.search(expression, key) is not None:
                        yield from inner.descend(value[key], below, path=key, schema_path=key)

    Draft202012Validator.check_schema(schema)
    kind = validators.extend(
        Draft202012Validator, {"pattern": pattern, "patternProperties": pattern_properties}
    )
    return kind(schema)


def _fault(message: str, at: Location, help_: str) -> Diagnostic:
    return Diagnostic("OM006", message, Label(at), help_, field=at.path, distinguish=message)
