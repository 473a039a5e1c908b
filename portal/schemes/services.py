"""Opening schemes and areas, and changing what a scheme has settled."""

from __future__ import annotations

from portal import clock
from portal.audit.rules import Actor
from portal.database import session
from portal.refusals import Refused
from portal.schemes.models import AREA_TEXTS, Area, Doors, Scheme
from portal.schemes.rules import SchemeSettings, reasons_against_settings, reasons_against_slug

TEXTS = (
    "name",
    "strapline",
    "about",
    "about_role",
    "about_time",
    "about_convictions",
    "about_independence",
    "phone",
    "email",
)


def open_scheme(*, name: str, slug: str, by: Actor, **texts: str) -> Scheme:
    """Open a scheme. `texts` are the words of its public page. Refused when the slug is taken or not one."""
    Refused.unless_empty(reasons_against_slug(slug))
    if session.query(Scheme.id).filter_by(slug=slug).first():
        raise Refused("Another scheme has this web address already")
    scheme = Scheme(name=name, slug=slug, created_at=clock.now(), settings=SchemeSettings())
    scheme.areas = []
    _write(scheme, texts)
    session.add(scheme)
    session.flush()
    return scheme


def change_texts(scheme: Scheme, *, by: Actor, **texts: str) -> None:
    """Change the words of a scheme's public page; only those given."""
    _write(scheme, texts)
    session.flush()


def change_settings(scheme: Scheme, settings: SchemeSettings, *, by: Actor) -> None:
    """Settle anew how a scheme works. Refused when a figure is out of bounds or a gate is not known."""
    Refused.unless_empty(reasons_against_settings(settings))
    scheme.settings = settings
    session.flush()


def add_area(scheme: Scheme, *, name: str, slug: str, by: Actor, about: str = "") -> Area:
    """Open an area. Refused when the scheme has another one with this slug."""
    Refused.unless_empty(reasons_against_slug(slug))
    if any(area.slug == slug for area in scheme.areas):
        raise Refused("Another area of this scheme has this web address already")
    area = Area(scheme=scheme, name=name, slug=slug, about=about, doors=Doors.OPEN)
    session.add(area)
    session.flush()
    return area


def change_doors(area: Area, doors: Doors, *, by: Actor) -> None:
    """Say whether an area takes applications."""
    area.doors = doors
    session.flush()


def change_area(area: Area, *, name: str, doors: Doors, by: Actor, **texts: str) -> None:
    """Change an area's name, words (only those given) and doors; its web address stays, as it is on posters."""
    if unknown := set(texts) - set(AREA_TEXTS):
        raise TypeError(f"an area has no text called {', '.join(sorted(unknown))}")
    for key, words in texts.items():
        setattr(area, key, words)
    area.name = name
    change_doors(area, doors, by=by)


def _write(scheme: Scheme, texts: dict[str, str]) -> None:
    if unknown := set(texts) - set(TEXTS):
        raise TypeError(f"a scheme has no text called {', '.join(sorted(unknown))}")
    for name, words in texts.items():
        setattr(scheme, name, words)
