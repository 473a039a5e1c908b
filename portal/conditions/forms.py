"""Forms about what a place hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.conditions.rules import CHOOSABLE, WayIn, with_ways_in
from portal.schemes.rules import Asks, Route, SchemeSettings, titles_of
from portal.volunteers.forms import Checked
from portal.web.fields import CheckboxesField, Form, RadiosField, TextField
from portal.web.numbers import VersionField

SAME, OWN = "same", "own"


class EmptyForm(Form):
    """A button: nothing is asked, only the token is checked."""


class WaysInForm(Checked):
    """What each way in asks for before the course."""

    version = VersionField()

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Boxes that are ticked beside “as for everybody” would be lost without a word."""
        for route in Route:
            if self[f"kind_{route.value}"].data == SAME and self[f"gates_{route.value}"].data:
                yield (
                    f"kind_{route.value}",
                    "You ticked what this way in needs. Choose “What is ticked below”, or clear the boxes",
                )

    def ways(self) -> dict[Route, WayIn]:
        """What was chosen."""
        return {route: self._way(route) for route in Route}

    def settings(self, before: SchemeSettings) -> SchemeSettings:
        """The settings with what was chosen."""
        return with_ways_in(before, self.ways())

    def typed(self) -> list[tuple[str, str]]:
        """Every answer, to carry it over the page that asks whether all is right."""
        pairs = []
        for field in self:
            if field.name != "csrf_token":
                many = field.data if isinstance(field.data, list) else [field.data]
                pairs += [(field.name, str(each)) for each in many]
        return pairs

    def _way(self, route: Route) -> WayIn:
        chosen = self[f"gates_{route.value}"].data or []
        is_own = self[f"kind_{route.value}"].data == OWN
        gates = tuple(key for key in CHOOSABLE if key in chosen) if is_own else None
        return WayIn(gates, Asks(self[f"asks_{route.value}"].data))


for _route in Route:
    setattr(
        WaysInForm, f"kind_{_route.value}",
        RadiosField(
            f"“{_route.words}”: what must be in place before the course?",
            [(SAME, "The same as for everybody"), (OWN, "What is ticked below, for this way in alone")],
            required="Choose what must be in place",
        ),
    )  # fmt: skip
    setattr(
        WaysInForm, f"gates_{_route.value}",
        CheckboxesField(f"“{_route.words}”: only these", CHOOSABLE.items(), called="What is needed"),
    )  # fmt: skip
    setattr(
        WaysInForm, f"asks_{_route.value}",
        RadiosField(
            f"“{_route.words}”: is a practitioner’s recommendation asked for?",
            [(each.value, each.words) for each in Asks], required="Choose whether a recommendation is asked for",
        ),
    )  # fmt: skip


def shown_ways(ways: dict[Route, WayIn], *, version: int) -> dict[str, Any]:
    """What `WaysInForm` shows."""
    shown: dict[str, Any] = {"version": version}
    for route, way in ways.items():
        shown[f"kind_{route.value}"] = SAME if way.gates is None else OWN
        shown[f"gates_{route.value}"] = list(way.gates or ())
        shown[f"asks_{route.value}"] = way.asks.value
    return shown


def in_words(ways: dict[Route, WayIn]) -> list[tuple[str, str]]:
    """Each way in with what it asks for, for a table."""
    rows = []
    for route, way in ways.items():
        gates = "As for everybody" if way.gates is None else titles_of(way.gates) or "Nothing"
        rows.append((route.words, f"{gates}. Recommendation: {way.asks.words[0].lower()}{way.asks.words[1:]}."))
    return rows


class TickForm(Form):
    """Several at once."""

    conditions = CheckboxesField("Which are done?", coerce=int, required="Tick what is done")
    note = TextField("How do you know?", called="Your note", max_length=500, hint="For the record. They do not see it.")


class UntickForm(Form):
    """Not met after all."""

    because = TextField("Why is it not met after all?", required="Say why it is not met after all", max_length=500)
