"""One request: what a page wrote is kept when it ends in a redirect, and undone otherwise."""

from __future__ import annotations

import pytest
from flask import Blueprint, redirect, render_template_string
from sqlalchemy import select

from portal import create_app
from portal.access import Can, Role, allows
from portal.audit.models import AuditLine
from portal.database import db
from portal.database import session as database_session
from portal.schemes.models import Scheme
from tests.browser import Browser
from tests.conftest import no_queries_while_rendering, test_settings, undone
from tests.factories import SchemeFactory, UserFactory

trial = Blueprint("trial", __name__, url_prefix="/trial")


def rename(words: str) -> None:
    scheme = database_session.scalars(select(Scheme).order_by(Scheme.id.desc())).first()
    assert scheme
    scheme.name = words
    database_session.flush()


@trial.route("/kept", methods=["GET", "POST"])
@allows(Can.VISIT)
def kept():
    rename("Renamed")
    return redirect("/trial/nothing")


@trial.route("/shown-again", methods=["POST"])
@allows(Can.VISIT)
def shown_again():
    rename("Renamed")
    return "shown again"


@trial.route("/signed-in", methods=["GET", "POST"])
@allows(Can.SIGNED_IN)
def signed_in():
    rename("Renamed")
    return redirect("/trial/nothing")


@trial.route("/coordinators")
@allows(Can.SEE_PEOPLE)
def coordinators():
    return "people"


@trial.route("/unmarked")
def unmarked():
    raise AssertionError("nobody gets here")


@pytest.fixture(scope="module")
def portal_with_trial_pages(portal_of_session, database_url, folder):
    """A portal of this file's own, with the pages above; its tables are those of the other tests."""
    portal = create_app(test_settings(database_url, folder))
    portal.register_blueprint(trial)
    portal.config["WTF_CSRF_ENABLED"] = False
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.fixture
def app(portal_with_trial_pages):
    portal = portal_with_trial_pages
    with undone(portal) as connection, no_queries_while_rendering(portal, connection) as found:
        portal.extensions["asked_while_rendering"] = found
        yield portal


@pytest.fixture
def client(app, session):
    return Browser(app)


def test_a_write_that_ends_in_a_redirect_is_kept(client, session):
    scheme = SchemeFactory(name="Before")
    client.post("/trial/kept", status=302)
    assert scheme.name == "Renamed"


def test_a_write_that_ends_in_a_page_is_undone(client, session):
    scheme = SchemeFactory(name="Before")
    assert client._send("/trial/shown-again", method="POST").status_code == 200
    assert scheme.name == "Before"


def test_a_get_is_undone_whatever_it_does(client, session):
    scheme = SchemeFactory(name="Before")
    client._send("/trial/kept", method="GET")
    assert scheme.name == "Before"


def test_the_record_says_who_was_signed_in(client, session):
    user = UserFactory()
    SchemeFactory(name="Before")
    client.sign_in_as(user).post("/trial/signed-in", status=302)
    line = session.scalars(select(AuditLine).order_by(AuditLine.id.desc())).first()
    assert (line.actor_id, line.after) == (user.id, {"name": "Renamed"})


def test_a_page_without_a_mark_is_refused_to_everybody(client, session):
    assert client._send("/trial/unmarked", method="GET").status_code == 403
    client.sign_in_as(UserFactory(role=Role.SCHEME_ADMIN))
    assert client._send("/trial/unmarked", method="GET").status_code == 403


def test_who_lacks_the_permission_is_refused_and_who_has_it_is_let_in(client, session):
    client.sign_in_as(UserFactory(role=Role.FUNDER_READER))
    assert client._send("/trial/coordinators", method="GET").status_code == 403
    client.sign_in_as(UserFactory(role=Role.COORDINATOR))
    assert client._send("/trial/coordinators", method="GET").status_code == 200


def test_a_template_that_asks_the_database_is_found(app, session):
    scheme = SchemeFactory()
    with app.test_request_context():
        render_template_string("{{ scheme.areas | length }}", scheme=database_session.get(Scheme, scheme.id))
    found = app.extensions["asked_while_rendering"]
    assert len(found) == 1
    assert "FROM area" in found.pop()
