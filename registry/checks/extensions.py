"""`x-` values against the JSON Schemas that a policy names (OM006)."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any

from registry.diagnostic import Diagnostic, Label
from registry.model.sections import SECTIONS
from registry.span import KeyPath, Location
from registry.wording import did_you_mean
from registry.workspace.policy import Policy
from registry.workspace.workspace import Workspace

Read = Callable[[str], bytes | None]

_LONGEST = 300
_MAX_REFERENCES = 5_000
"""`$ref`s that one entity's check may follow: those that name each other can double for ever."""
_DEEPEST = 40
"""`$ref`s within each other: some eight frames each, far from Python's limit of recursion. At that
limit the library of maps under `referencing` aborts with an error that is no Exception."""


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
        faults = _validator(schema)
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
            errors = faults(own)
        except Exception as error:  # noqa: BLE001 - a schema can fail in ways of its own
            yield _fault(f"the schema `{path}` cannot be applied: {error}", at, "correct the file")
            return
        for fault in errors:
            where: KeyPath = tuple(fault.absolute_path)
            message = f"`{'.'.join(map(str, where)) or 'x-'}`: {fault.message[:_LONGEST]}"
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


def faults_of(schema: Any, value: Any) -> list[tuple[KeyPath, str]]:
    """List what is wrong with a value by a schema of our own: where, and what, sorted by place."""
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import best_match

    kind = validators.extend(Draft202012Validator, _KEYWORDS)
    closest = [best_match([error]) or error for error in kind(schema).iter_errors(value)]
    told = {(tuple(one.absolute_path), _told(one)) for one in closest}
    return sorted(told, key=lambda one: (list(map(str, one[0])), one[1]))


_UNCLEAR = frozenset({"anyOf", "enum", "not", "oneOf", "pattern", "required"})
"""Keywords whose messages quote the schema: what its description says is clearer."""


def _told(error: Any) -> str:
    about = error.schema.get("description") if isinstance(error.schema, dict) else None
    if about is None or error.validator not in _UNCLEAR:
        return str(error.message)[:_LONGEST]
    if error.validator == "required":
        return f"{error.message}: {about}"[:_LONGEST]
    return f"`{str(error.instance)[:60]}` does not fit: {about}"[:_LONGEST]


def _validator(schema: Any) -> Callable[[Any], list[Any]]:
    """Make a function that lists what is wrong with a value.

    It fetches nothing and runs in bounded time, for strangers write schemas, too.
    """
    from jsonschema import Draft202012Validator, validators
    from referencing import Registry

    usual = Draft202012Validator.VALIDATORS
    followed = count()
    depth = 0

    def reference(inner: Any, wanted: Any, value: Any, here: Any) -> Iterator[Any]:
        nonlocal depth
        if next(followed) >= _MAX_REFERENCES:
            raise ValueError(f"it follows more than {_MAX_REFERENCES} references")
        if depth >= _DEEPEST:
            raise ValueError(f"its references lead through each other more than {_DEEPEST} deep")
        depth += 1
        try:
            yield from usual["$ref"](inner, wanted, value, here)
        finally:
            depth -= 1

    Draft202012Validator.check_schema(schema, format_checker=None)
    kind = validators.extend(Draft202012Validator, {**_KEYWORDS, "$ref": reference})
    validator = kind(schema, registry=Registry())

    def faults(value: Any) -> list[Any]:
        nonlocal followed, depth
        followed = count()
        depth = 0
        try:
            return sorted(validator.iter_errors(value), key=lambda one: list(map(str, one.path)))
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise RecursionError("it leads too deep") from None

    return faults


def _pattern(_inner: Any, wanted: str, value: Any, _here: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if isinstance(value, str) and not _searches(wanted)(value):
        yield ValidationError(f"`{value[:80]}` does not match `{wanted[:80]}`")


def _pattern_properties(inner: Any, wanted: Any, value: Any, _here: Any) -> Iterator[Any]:
    for expression, below in wanted.items() if isinstance(value, dict) else ():
        for key in filter(_searches(expression), value):
            yield from inner.descend(value[key], below, path=key, schema_path=expression)


def _additional_properties(inner: Any, wanted: Any, value: Any, here: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    patterns = [_searches(expression) for expression in here.get("patternProperties", ())]
    for key in value if isinstance(value, dict) else ():
        if key in here.get("properties", ()) or any(pattern(key) for pattern in patterns):
            continue
        if wanted is False:
            yield ValidationError(f"`{key[:80]}` is not allowed here", path=(key,))
        else:
            yield from inner.descend(value[key], wanted, path=key)


def _unsupported(_inner: Any, _wanted: Any, _value: Any, _here: Any) -> Iterator[Any]:
    raise ValueError("`unevaluatedProperties` is not supported; use `additionalProperties`")


_KEYWORDS = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "unevaluatedProperties": _unsupported,
}
"""Keywords that the library would match with patterns that can take for ever."""


@cache
def _searches(expression: str) -> Callable[[str], bool]:
    """Compile a pattern (RE2); raises ValueError where it is none."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        search = re2.compile(expression, options).search
    except re2.error as error:
        what = error.args[0] if error.args else error
        reason = what.decode("utf-8", "replace") if isinstance(what, bytes) else what
        raise ValueError(f"`{expression[:80]}` is no pattern of RE2: {reason}") from None
    return lambda text: search(text) is not None


def _fault(message: str, at: Location, help_: str) -> Diagnostic:
    return Diagnostic("OM006", message, Label(at), help_, field=at.path, distinguish=message)
