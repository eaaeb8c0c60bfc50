"""What validates entities: pydantic's core, given its schema from the fields of a model.

Pydantic makes the same schema of a model's class, and prepares for much that no field here holds:
that is a third of what a small check costs. A test holds the two to be equal, model by model.
"""

import types
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import GetCoreSchemaHandler, Strict
from pydantic.fields import FieldInfo
from pydantic_core import CoreConfig, CoreSchema, PydanticUndefined, SchemaValidator, core_schema

from registry.model.entity import Entity, Part

E = TypeVar("E", bound=Entity)

_SIMPLE: dict[Any, CoreSchema] = {
    str: core_schema.str_schema(),
    bool: core_schema.bool_schema(),
    int: core_schema.int_schema(),
    float: core_schema.float_schema(),
    Any: core_schema.any_schema(),
}


@cache
def section_validator(model: type[Entity]) -> SchemaValidator:
    """Make what validates a whole section, ids and their entities; once for each model."""
    return SchemaValidator(section_schema(model))


def validated(model: type[E], raw: object) -> E:
    """Validate one entity. Raises ValidationError, whose places begin with an empty id."""
    found: dict[str, E] = section_validator(model).validate_python({"": raw})
    return found[""]


def section_schema(model: type[Entity]) -> CoreSchema:
    """Describe a whole section to pydantic's core: ids and their entities."""
    return core_schema.dict_schema(core_schema.str_schema(), _model(model))


@cache
def _model(model: type[Part]) -> CoreSchema:
    own = model.model_config
    fields = {name: _field(info) for name, info in model.model_fields.items()}
    return core_schema.model_schema(
        model,
        core_schema.model_fields_schema(fields, model_name=model.__name__),
        post_init=model.__pydantic_post_init__,
        config=CoreConfig(
            title=model.__name__,
            strict=own["strict"],
            extra_fields_behavior=own["extra"] or "ignore",
            allow_inf_nan=own["allow_inf_nan"],
        ),
    )


def _field(info: FieldInfo) -> core_schema.ModelField:
    schema = _annotated(info.annotation, info.metadata)
    if info.default_factory is not None:
        made: Any = info.default_factory
        schema = core_schema.with_default_schema(
            schema, default_factory=made, default_factory_takes_data=False
        )
    elif info.default is not PydanticUndefined:
        schema = core_schema.with_default_schema(schema, default=info.default)
    return core_schema.model_field(schema, validation_alias=info.alias)


class _Inside(GetCoreSchemaHandler):
    """What describes the annotation below a meta, or a part of it, to that meta."""

    def __call__(self, source: Any, /) -> CoreSchema:
        return _plain(source)

    def generate_schema(self, source: Any, /) -> CoreSchema:
        return _annotated(source, ())


def _annotated(annotation: Any, metas: Iterable[Any]) -> CoreSchema:
    """Describe an annotation, and what its metas make of it."""
    if get_origin(annotation) is Annotated:
        inner, *own = get_args(annotation)
        return _annotated(inner, (*own, *metas))
    schema: CoreSchema | None = None
    bounds: dict[str, Any] = {}
    for meta in _each(metas):
        if isinstance(meta, Strict):
            bounds["strict"] = meta.strict
        elif isinstance(meta, Ge):
            bounds["ge"] = meta.ge
        elif isinstance(meta, Le):
            bounds["le"] = meta.le
        elif hasattr(meta, "__get_pydantic_core_schema__"):
            schema = meta.__get_pydantic_core_schema__(annotation, _Inside())
    found: Any = schema or _plain(annotation)
    return {**found, **bounds} if bounds else found


def _each(metas: Iterable[Any]) -> Iterator[Any]:
    for meta in metas:
        if isinstance(meta, FieldInfo):
            yield from _each(meta.metadata)
        else:
            yield meta


def _plain(annotation: Any) -> CoreSchema:
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return core_schema.literal_schema(list(inside))
    if origin is tuple:
        return core_schema.tuple_schema([_annotated(inside[0], ())], variadic_item_index=0)
    if origin is dict:
        return core_schema.dict_schema(*(_annotated(one, ()) for one in inside))
    if origin in {Union, types.UnionType}:
        return _optional(annotation, inside)
    if issubclass(annotation, Part):
        return _model(annotation)
    found: CoreSchema = annotation.__get_pydantic_core_schema__(annotation, _Inside())
    return found


def _optional(annotation: Any, members: tuple[Any, ...]) -> CoreSchema:
    """Describe what may be null; what may be one of several things says so by its shape."""
    rest = [one for one in members if one is not types.NoneType]
    if len(rest) != 1:
        raise TypeError(f"{annotation}: a union of values needs `ByShape()`")
    return core_schema.nullable_schema(_annotated(rest[0], ()))
