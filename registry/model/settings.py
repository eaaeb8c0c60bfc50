"""What rules read from a policy: thresholds, required things, severities' meaning."""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from registry.model.cadence import ReviewKind
from registry.model.entity import Entity, Fault, Part
from registry.model.metrics import Bucket, SeverityLevel, SeverityName, Share
from registry.model.scalars import Duration, Horizon, Period
from registry.model.telemetry import FieldGroup, StoreKind

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Range(Part, frozen=True, kw_only=True):
    """Bounds on a store's retention, both inclusive."""

    min: Duration
    max: Duration


class Settings(Entity, frozen=True, kw_only=True):
    """Every setting of the catalogue; the built-in packs give each a value for their stage."""

    required_layers: tuple[str, ...] = ()
    departure_notice: Duration = Duration("14d")
    max_layers_per_owner: Count = 3
    required_buckets: tuple[Bucket, ...] = ()
    outcome_words: tuple[str, ...] = ()
    max_paging_share: Share = 0.5
    max_paging_min: Count = 10
    behavioural_skills: tuple[str, ...] = ()
    horizon: Horizon = Horizon("400d")
    min_participants: Count = 4
    severities: dict[SeverityName, SeverityLevel] = {}
    max_unfairness: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 0.5
    max_shift: Period = Period("1w")
    required_runbooks: tuple[str, ...] = ()
    runbook_max_age: Duration = Duration("180d")
    required_field_groups: tuple[FieldGroup, ...] = ()
    required_fields: tuple[str, ...] = ()
    retention: dict[StoreKind, Range] = {}
    telemetry_max_age: Duration = Duration("180d")
    drill_max_age: Duration = Duration("90d")
    max_switch_time: Duration = Duration("15m")
    required_reviews: dict[ReviewKind, Period] = {}
    regression_within: Duration = Duration("7d")
    runbook_annotations: tuple[str, ...] = ()
    paging_severities: tuple[str, ...] = ()
    quiet_severities: tuple[str, ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for each kind of store that no retention would be right for."""
        for kind, bounds in self.retention.items():
            if bounds.max.milliseconds < bounds.min.milliseconds:
                message = f"`max` is {bounds.max}, less than `min`, {bounds.min}"
                yield Fault(("retention", kind, "max"), message, "swap the two, or correct one")
