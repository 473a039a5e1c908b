"""The letters about accounts: codes, links, invitations, and a word when something was changed."""

from __future__ import annotations

from portal.accounts.models import Invitation, User
from portal.messages.rules import Letter


def sign_in_code(user: User, code: str) -> Letter:
    """The code to sign in with."""
    return Letter("sign_in_code", user.email, user.name, {"code": code})


def staff_sign_in(user: User) -> Letter:
    """To staff who asked for a code: they sign in with a password and their authenticator app."""
    return Letter("staff_sign_in", user.email, user.name)


def password_link_sent(user: User, token: str) -> Letter:
    """The link to choose a new password."""
    return Letter("password_link_sent", user.email, user.name, {"path": f"/new-password/{token}"})


def password_changed(user: User) -> Letter:
    """Word to the owner: if it was somebody else, they learn of it."""
    return Letter("password_changed", user.email, user.name)


def authenticator_changed(user: User) -> Letter:
    """Word to the owner that an authenticator app was set up."""
    return Letter("authenticator_changed", user.email, user.name)


def authenticator_removed(user: User) -> Letter:
    """Word to the owner that their admin took the lost phone off the account."""
    return Letter("authenticator_removed", user.email, user.name)


def staff_invited(invitation: Invitation, token: str) -> Letter:
    """The link that brings somebody in."""
    facts = {
        "scheme": invitation.scheme.name,
        "phone": invitation.scheme.phone,
        "role": invitation.role.words,
        "area": invitation.area.name if invitation.area else "",
        "path": f"/invitations/{token}",
    }
    return Letter("staff_invited", invitation.email, invitation.name, facts, scheme_id=invitation.scheme.id)
