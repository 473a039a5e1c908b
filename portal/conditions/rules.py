"""What each way in asks for before the course, as it is and as it would be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from portal.schemes.rules import GATE_TITLES, Asks, Route, SchemeSettings

RECOMMENDATION = "recommendation"
CHOOSABLE = {key: title for key, title in GATE_TITLES.items() if key != RECOMMENDATION}


@dataclass(frozen=True)
class WayIn:
    """What one way in asks for: `gates` of its own, None for "as for everybody"; and the recommendation apart."""

    gates: tuple[str, ...] | None
    asks: Asks


def ways_in(settings: SchemeSettings) -> dict[Route, WayIn]:
    """Every way in, as the settings have it."""
    common = _without(settings.gates_to_train)
    found = {}
    for route in Route:
        gates = _without(settings.to_train(route))
        found[route] = WayIn(None if gates == common else gates, settings.asks_recommendation(route))
    return found


def with_ways_in(settings: SchemeSettings, ways: Mapping[Route, WayIn]) -> SchemeSettings:
    """The settings with these ways in. A required recommendation is one more gate, the first of the journey."""
    by_route = {}
    for route, way in ways.items():
        base = _without(settings.gates_to_train) if way.gates is None else way.gates
        chosen = {*base, *((RECOMMENDATION,) if way.asks is Asks.REQUIRED else ())}
        gates = tuple(key for key in GATE_TITLES if key in chosen)
        if gates != settings.gates_to_train:
            by_route[route.value] = gates
    optional = tuple(route.value for route, way in ways.items() if way.asks is Asks.OPTIONAL)
    return replace(settings, gates_by_route=by_route, recommendation_optional_for=optional)


def newly_asked(before: SchemeSettings, after: SchemeSettings) -> dict[Route, tuple[set[str], set[str]]]:
    """For each way in that changes: the gates it asks for from now on, and those it no longer does."""
    changed = {}
    for route in Route:
        old, new = set(before.to_train(route)), set(after.to_train(route))
        if old != new:
            changed[route] = (new - old, old - new)
    return changed


def _without(gates: Collection[str]) -> tuple[str, ...]:
    return tuple(key for key in GATE_TITLES if key in gates and key != RECOMMENDATION)
