"""The first admin of a new portal comes in by a command."""

from __future__ import annotations

from urllib.parse import urlsplit

from cryptography.fernet import Fernet

from portal.access import Role
from portal.accounts.models import Invitation
from portal.schemes.models import Scheme
from tests.accounts.conftest import PASSWORD


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=arguments)


def test_a_scheme_is_opened_and_its_first_admin_comes_in(app, session, browser):
    assert run(app, "schemes", "open", "--name", "Bridgeway", "--slug", "bridgeway").exit_code == 0
    assert "open already" in run(app, "schemes", "open", "--name", "Bridgeway", "--slug", "bridgeway").output
    done = run(app, "accounts", "create-admin", "--email", "Ana@Example.org", "--name", "Ana", "--scheme", "bridgeway")
    browser.get(urlsplit(done.output.strip()).path).fill({"New password": PASSWORD}).submit("Continue")
    assert browser.heading == "Set up your authenticator app"
    (invitation,) = session.query(Invitation)
    assert (invitation.role, invitation.invited_by_id, invitation.email) == (Role.SCHEME_ADMIN, None, "ana@example.org")


def test_a_dry_run_changes_nothing(app, session):
    assert "would open" in run(app, "schemes", "open", "--name", "X", "--slug", "x", "--dry-run").output
    assert session.query(Scheme).count() == 0
    run(app, "schemes", "open", "--name", "X", "--slug", "x")
    admin = ("accounts", "create-admin", "--email", "a@example.org", "--name", "A", "--scheme")
    assert "would invite" in run(app, *admin, "x", "--dry-run").output
    assert session.query(Invitation).count() == 0


def test_a_command_says_what_is_wrong(app, session):
    done = run(app, "accounts", "create-admin", "--email", "a@example.org", "--name", "A", "--scheme", "nowhere")
    assert (done.exit_code, "no scheme 'nowhere'" in done.output) == (1, True)
    assert "small letters" in run(app, "schemes", "open", "--name", "X", "--slug", "Not One").output


def test_a_new_key_is_a_key(app):
    Fernet(run(app, "encryption", "new-key").output.strip())
