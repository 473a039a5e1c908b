"""What a scheme may settle, and what it may not."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from portal.access import Can, Role
from portal.audit.rules import Outsider
from portal.refusals import Refused
from portal.schemes import queries, services
from portal.schemes.forms import SettingsForm
from portal.schemes.models import Doors
from portal.schemes.rules import BOUNDS, GATE_TITLES, GATES_TO_APPROVE, SchemeSettings, titles_of
from tests.factories import AreaFactory, SchemeFactory, UserFactory

SOMEBODY = Outsider("Somebody")


def test_a_scheme_and_an_area_are_opened(session):
    scheme = services.open_scheme(name="Bridgeway", slug="bridgeway", by=SOMEBODY, phone="0191 498 0000")
    area = services.add_area(scheme, name="Darlington", slug="darlington", by=SOMEBODY)
    assert (scheme.phone, scheme.settings, area.doors) == ("0191 498 0000", SchemeSettings(), Doors.OPEN)
    assert queries.scheme_by_slug("bridgeway") is scheme
    assert queries.area_by_slugs("bridgeway", "darlington") is area
    assert queries.area_by_slugs("elsewhere", "darlington") is None


def test_a_web_address_is_used_once(session):
    area = AreaFactory()
    with pytest.raises(Refused, match="Another scheme"):
        services.open_scheme(name="X", slug=area.scheme.slug, by=SOMEBODY)
    with pytest.raises(Refused, match="Another area"):
        services.add_area(area.scheme, name="X", slug=area.slug, by=SOMEBODY)
    services.add_area(SchemeFactory(), name="X", slug=area.slug, by=SOMEBODY)


@pytest.mark.parametrize("slug", ["", "Big", "two words", "-a", "a--b", "ż", "a/b", "x" * 61])
def test_a_web_address_is_plain(session, slug):
    with pytest.raises(Refused, match="small letters"):
        services.open_scheme(name="X", slug=slug, by=SOMEBODY)


def test_every_figure_has_bounds_and_its_default_keeps_them():
    figures = {each.name for each in fields(SchemeSettings) if each.type == "int"}
    assert figures == set(BOUNDS)
    for name, (least, most) in BOUNDS.items():
        assert least <= getattr(SchemeSettings(), name) <= most


def test_every_setting_is_on_the_page(app):
    with app.test_request_context():
        asked = {field.name for field in SettingsForm()} - {"csrf_token", "version"}
        on_pages_of_their_own = {"gates_by_route", "recommendation_optional_for", "interview_questions"}
        assert asked | on_pages_of_their_own == {each.name for each in fields(SchemeSettings)}


def test_every_gate_has_a_title():
    assert set(GATE_TITLES) == {"recommendation", *GATES_TO_APPROVE}  # asked only where a way in asks for it
    assert titles_of(["dbs", "interview"]) == "Interview held and place offered; DBS check decided as suitable"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"references_needed": -1}, "References needed must be between 0 and 5"),
        ({"iqa_sample_percent": 101}, "Iqa sample percent must be between 0 and 100"),
        ({"gates_to_train": ("interview", "rubbish")}, "no gate called rubbish"),
    ],
)
def test_settings_out_of_bounds_are_refused_and_nothing_changes(session, change, reason):
    scheme = SchemeFactory()
    with pytest.raises(Refused, match=reason):
        services.change_settings(scheme, replace(scheme.settings, **change), by=SOMEBODY)
    assert scheme.settings == SchemeSettings()


def test_settings_are_kept(session):
    scheme = SchemeFactory()
    wanted = replace(scheme.settings, references_needed=1, gates_to_train=("interview",), four_eyes=False)
    services.change_settings(scheme, wanted, by=SOMEBODY)
    session.commit()
    session.expire_all()
    assert scheme.settings == wanted


def test_doors_are_closed(session):
    area = AreaFactory()
    services.change_doors(area, Doors.CLOSED, by=SOMEBODY)
    session.commit()
    session.refresh(area)
    assert area.doors is Doors.CLOSED


def test_a_text_that_a_scheme_does_not_have_is_a_mistake_of_ours(session):
    with pytest.raises(TypeError, match="motto"):
        services.change_texts(SchemeFactory(), by=SOMEBODY, motto="Onwards")


def test_an_admin_is_given_their_own_schemes_only(session):
    mine, other = AreaFactory(), AreaFactory()
    admin = UserFactory(role=Role.SCHEME_ADMIN, scheme=mine.scheme)
    assert list(queries.schemes_of(seen_by=admin, can=Can.MANAGE_SCHEME)) == [mine.scheme]
    assert queries.scheme(other.scheme_id, seen_by=admin) is None
    assert queries.area(other.id, seen_by=admin) is None
    assert queries.area(mine.id, seen_by=admin) is mine
    assert set(queries.open_schemes()) >= {mine.scheme, other.scheme}
