"""Every page that anybody may open without having begun anything, by what it shows."""

from __future__ import annotations

from portal.schemes.models import Doors, Scheme


def paths(scheme: Scheme) -> dict[str, str]:
    """What each page is, and its path, for a scheme with an area of each kind of doors."""
    by_doors = {area.doors: f"/schemes/{scheme.slug}/{area.slug}" for area in scheme.areas}
    here = by_doors[Doors.OPEN]
    return {
        "front": "/",
        "schemes": "/schemes",
        "scheme": f"/schemes/{scheme.slug}",
        "area, open": here,
        "area, waiting list": by_doors[Doors.WAITING_LIST],
        "area, closed": by_doors[Doors.CLOSED],
        "policy on convictions": f"/schemes/{scheme.slug}/about/convictions",
        "could I do this": "/could-i-do-this",
        "could I do this here": f"{here}/could-i-do-this",
        "hello": f"{here}/hello",
        "hello, closed": f"{by_doors[Doors.CLOSED]}/hello",
        "start of an application": f"{here}/start",
        "start for somebody": f"{here}/for-somebody",
        "form to fill in by hand": f"{here}/form",
        "return to an application": "/application/return",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "sign-in": "/sign-in",
    }
