"""One request: what a page wrote is kept when it ends in a redirect, and undone otherwise."""

from __future__ import annotations

import pytest
from flask import Blueprint, redirect
from sqlalchemy import select

from portal.access import Can, Role, allows
from portal.audit.models import AuditLine
from portal.database import session as database_session
from portal.schemes.models import Scheme
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


@trial.route("/undone", methods=["POST"])
@allows(Can.VISIT)
def undone():
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


@pytest.fixture
def client(portal_of_session, app, session):
    if "trial" not in portal_of_session.blueprints:
        portal_of_session._got_first_request = False  # the portal of these tests has pages of its own
        portal_of_session.register_blueprint(trial)
        if "csrf" in portal_of_session.extensions:
            portal_of_session.extensions["csrf"].exempt(trial)
    from tests.browser import Browser

    return Browser(portal_of_session)


def test_a_write_that_ends_in_a_redirect_is_kept(client, session):
    scheme = SchemeFactory(name="Before")
    client.post("/trial/kept", status=302)
    assert scheme.name == "Renamed"


def test_a_write_that_ends_in_a_page_is_undone(client, session):
    scheme = SchemeFactory(name="Before")
    assert client._send("/trial/undone", method="POST").status_code == 200
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
