"""Opening accounts, giving and ending roles, inviting, and the steps of signing in.

The steps of signing in (`enter_…`) write down failures, so their callers keep what they wrote even when the
answer is no. They answer None for every kind of no: whoever guesses learns nothing from the answer.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import date
from typing import Any

from sqlalchemy import delete

from portal import clock
from portal.access import Role
from portal.accounts import messages, queries
from portal.accounts.models import Invitation, OneTimeSecret, Purpose, RoleHeld, User
from portal.accounts.rules import (
    CODE_LASTS,
    INVITATION_LASTS,
    LINK_LASTS,
    LOCKED_FOR,
    TRIES,
    code_of,
    normalised,
    reasons_against_password,
    recovery_code_of,
    same_address,
)
from portal.audit import services as audit
from portal.audit.rules import Actor
from portal.database import keyring, session
from portal.messages.services import queue
from portal.refusals import Refused
from portal.schemes.models import Area, Scheme


class Locks:
    """How passwords are hashed and authenticator codes checked; the application brings Flask-Security's."""

    def load(self, security: Any) -> None:
        """Take the hashing and the authenticator of this application."""
        self._hashing = security.pwd_context
        self.authenticator = security.totp_factory
        self._nobody = self._hashing.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """The password as it is kept."""
        return str(self._hashing.hash(normalised(password)))

    def opens(self, user: User | None, password: str) -> bool:
        """Whether it is their password. It takes as long when there is no such user, or they have none."""
        kept = user.password if user else None
        right = bool(self._hashing.verify(normalised(password)[:1000], kept or self._nobody))
        return right and kept is not None


locks = Locks()


# Accounts and roles


def open_account(*, email: str, name: str, by: Actor) -> User:
    """Open an account without a role or password; they sign in with an e-mailed code. Refused for a known address."""
    if queries.user_by_email(email):
        raise Refused("Somebody already has an account with this email address")
    user = User(email=same_address(email), name=name, fs_uniquifier=_new_key(), created_at=clock.now(), active=True)
    user.roles_held = []
    session.add(user)
    session.flush()
    return user


def new_account(*, email: str, name: str, role: Role, scheme: Scheme, area: Area | None = None, by: Actor) -> User:
    """An account with its first role, for an address that the caller knows to have none; not flushed yet."""
    Refused.unless_empty(_reasons_against_role(role, scheme, area))
    user = User(email=same_address(email), name=name, fs_uniquifier=_new_key(), created_at=clock.now(), active=True)
    user.roles_held = [RoleHeld(role=role, scheme=scheme, area=area, from_on=clock.today())]
    session.add(user)
    return user


def give_role(
    user: User, role: Role, *, scheme: Scheme, area: Area | None = None, by: Actor, until_on: date | None = None
) -> RoleHeld:
    """Give a role from today in a scheme, or in one area of it. Refused when they hold it there already."""
    Refused.unless_empty(_reasons_against_role(role, scheme, area))
    here = (role, scheme.id, area.id if area else None)
    if any(held.is_now and (held.role, held.scheme_id, held.area_id) == here for held in user.roles_held):
        raise Refused(f"{user.name} is already {role.words} there")
    held = RoleHeld(user=user, role=role, scheme=scheme, area=area, from_on=clock.today(), until_on=until_on)
    session.add(held)
    session.flush()
    return held


def end_role(held: RoleHeld, *, by: Actor) -> None:
    """End a role this minute. Refused for the last scheme admin. Without any role left, their sessions end too."""
    if held.role is Role.SCHEME_ADMIN and not queries.other_holders(held):
        raise Refused("This is the scheme's only scheme admin. Invite another one first")
    if held.ended_at is None:
        held.ended_at = clock.now()
        held.until_on = max(held.from_on, clock.today())
    if not any(other.is_now for other in held.user.roles_held):
        held.user.fs_uniquifier = _new_key()
    session.flush()


def _reasons_against_role(role: Role, scheme: Scheme, area: Area | None) -> list[str]:
    if area is not None and area.scheme_id != scheme.id:
        return ["This area belongs to another scheme"]
    if area is not None and role is Role.SCHEME_ADMIN:
        return ["A scheme admin looks after the whole scheme. Choose the whole scheme"]
    return []


# Invitations


def invite(
    *, email: str, name: str, role: Role, scheme: Scheme, area: Area | None = None, by: Actor
) -> tuple[Invitation, str]:
    """Invite somebody to a role by a link that works once, for seven days. Answers the invitation and its secret."""
    Refused.unless_empty(_reasons_against_role(role, scheme, area))
    if role is Role.VOLUNTEER:
        raise Refused("Volunteers come in by applying, not by invitation")
    token, at = secrets.token_urlsafe(32), clock.now()
    invitation = Invitation(
        scheme=scheme, area=area, email=same_address(email), name=name, role=role, token_hash=keyring.hash(token),
        invited_by_id=by.id, invited_at=at, expires_at=at + INVITATION_LASTS,
    )  # fmt: skip
    session.add(invitation)
    session.flush()
    queue(messages.staff_invited(invitation, token))
    return invitation, token


def revoke_invitation(invitation: Invitation, *, by: Actor) -> None:
    """Take an invitation back: its link no longer works. Refused when it was accepted."""
    if invitation.accepted_at is not None:
        raise Refused("This invitation has been accepted. End the role instead")
    invitation.revoked_at = clock.now()
    session.flush()


def accept_invitation(token: str, *, password: str, by: Actor) -> User:
    """Give the invited person their account and role.

    Who has a password types that one: an invitation must not be a way to change it. Refused when the link no
    longer works or the password will not do.
    """
    invitation = queries.invitation_by_token(token)
    if invitation is not None:  # sent twice at one moment: the second waits here, and sees that it is accepted
        session.refresh(invitation, ["accepted_at", "revoked_at"], with_for_update=True)
    if invitation is None or not invitation.is_open:
        raise Refused("This link no longer works. Ask for a new invitation")
    user = queries.user_to_try(invitation.email)
    if user is not None and user.password:
        if user.is_shut_out or not user.may_sign_in or not locks.opens(user, password):
            raise Refused("You have an account already. Enter the password of that account")
    else:
        Refused.unless_empty(reasons_against_password(password, about=(invitation.name, invitation.email)))
        user = user or open_account(email=invitation.email, name=invitation.name, by=by)
        user.password = locks.hash(password)
    invitation.accepted_at, invitation.accepted_by_id = clock.now(), user.id
    here = (invitation.role, invitation.scheme_id, invitation.area_id)
    if not any(held.is_now and (held.role, held.scheme_id, held.area_id) == here for held in user.roles_held):
        give_role(user, invitation.role, scheme=invitation.scheme, area=invitation.area, by=by)
    session.flush()
    return user


# Passwords


def set_password(user: User, password: str, *, by: Actor) -> None:
    """Set a new password: every session they have ends, and they are told by letter. Refused when it is weak."""
    Refused.unless_empty(reasons_against_password(password, about=(user.name, user.email)))
    user.password, user.fs_uniquifier = locks.hash(password), _new_key()
    user.failed_sign_ins, user.locked_until = 0, None
    for purpose in Purpose:
        _spend(user, purpose)
    queue(messages.password_changed(user))
    session.flush()


def send_password_link(email: str) -> None:
    """E-mail a link to choose a new password; for an address nobody has, only the record knows of it."""
    user = queries.user_to_try(email)
    if user is None or not user.may_sign_in:
        audit.did("user_account", by=audit.NOBODY, purpose="new password asked for an address without an account")
        return
    token = secrets.token_urlsafe(32)
    _keep_secret(user, Purpose.NEW_PASSWORD, token, LINK_LASTS)
    queue(messages.password_link_sent(user, token))


# Signing in, step by step


def send_code(email: str) -> None:
    """E-mail a code to sign in with. Staff are told that they need their password."""
    user = queries.user_to_try(email)
    if user is None or not user.may_sign_in:
        audit.did("user_account", by=audit.NOBODY, purpose="sign-in code asked for an address without an account")
    elif user.is_staff:
        queue(messages.staff_sign_in(user))
    else:
        code = f"{secrets.randbelow(1_000_000):06d}"
        _keep_secret(user, Purpose.SIGN_IN, f"{user.id}:{code}", CODE_LASTS)
        queue(messages.sign_in_code(user, code))


def enter_code(email: str, typed: str) -> User | None:
    """Whoever has this address and was e-mailed this code; the code is then spent. Never a member of staff."""
    user, code = queries.user_to_try(email), code_of(typed)
    kept = queries.secret_of(user, Purpose.SIGN_IN) if user else None
    expected = kept.secret_hash if kept and kept.expires_at > clock.now() else ""
    given = keyring.hash(f"{user.id if user else 0}:{code}")
    if user is None or user.is_staff or not _may_try(user) or code is None or not _same(given, expected):
        return _refuse(user)
    _spend(user, Purpose.SIGN_IN)
    return user


def enter_password(email: str, password: str) -> User | None:
    """Whoever has this address and password. Staff still have their second step before them."""
    user = queries.user_to_try(email)
    is_right = locks.opens(user, password)
    if user is None or not is_right or not _may_try(user):
        return _refuse(user)
    return user


def enter_authenticator_code(key: str, typed: str) -> User | None:
    """The user of `key` (a session's), when this is the code of their authenticator app now. A code works once."""
    user, code = queries.user_half_in(key), code_of(typed)
    if user is None or not _may_try(user) or user.totp_secret is None or code is None:
        return _refuse(user)
    return user if locks.authenticator.verify_totp(code, user.totp_secret, user, window=30) else _refuse(user)


def enter_recovery_code(key: str, typed: str) -> User | None:
    """The user of `key`, when this is one of their recovery codes; it is then spent."""
    user = queries.user_half_in(key)
    given = keyring.hash(f"recovery:{user.id if user else 0}:{recovery_code_of(typed)}")
    kept = (user.recovery_code_hashes if user else None) or []
    if user is None or not _may_try(user) or given not in kept:
        return _refuse(user)
    user.recovery_code_hashes = [each for each in kept if each != given]
    return user


def note_sign_in(user: User, how: str) -> None:
    """Every step is taken: wrong tries are forgotten, and the record says how they came in."""
    audit.acting(user)
    user.failed_sign_ins, user.locked_until = 0, None
    audit.did("user_account", by=user, row_id=user.id, purpose=f"signed in with {how}")


def sign_out(user: User, *, by: Actor) -> None:
    """End every session of theirs, so that a copied cookie is worth nothing."""
    user.fs_uniquifier = _new_key()


def new_authenticator_secret() -> str:
    """A secret for an authenticator app, not yet anybody's."""
    return str(locks.authenticator.generate_totp_secret())


def keep_authenticator(user: User, secret: str, typed: str, *, by: Actor) -> list[str]:
    """Make this their authenticator app, once it shows the right code. Answers new recovery codes, to be shown once."""
    code, last = code_of(typed), user.totp_last_counter
    user.totp_last_counter = None  # the new secret has not shown any code yet
    if code is None or not locks.authenticator.verify_totp(code, secret, user, window=30):
        user.totp_last_counter = last
        raise Refused("That code is not right. Wait for the next one and type it within half a minute")
    user.totp_secret = secret
    codes: list[str] = locks.authenticator.generate_recovery_codes(8)
    user.recovery_code_hashes = [keyring.hash(f"recovery:{user.id}:{recovery_code_of(each)}") for each in codes]
    queue(messages.authenticator_changed(user))
    session.flush()
    return codes


def forget_authenticator(user: User, *, by: Actor) -> None:
    """Take a lost phone off an account: sessions end, and the next sign-in sets up another one. They are told."""
    if user.totp_secret is None:
        raise Refused(f"{user.name} has not set up an authenticator app")
    user.totp_secret, user.totp_last_counter, user.recovery_code_hashes = None, None, None
    user.fs_uniquifier = _new_key()
    queue(messages.authenticator_removed(user))
    session.flush()


def _may_try(user: User) -> bool:
    return user.may_sign_in and not user.is_shut_out


def _refuse(user: User | None) -> User | None:
    """Count a wrong try, and close the account for some minutes after too many. Always answers None."""
    if user is None:
        audit.did("user_account", by=audit.NOBODY, purpose="sign-in refused: no such account")
    elif not user.is_shut_out:
        if user.locked_until is not None:
            user.failed_sign_ins, user.locked_until = 0, None
        user.failed_sign_ins += 1
        if user.failed_sign_ins >= TRIES:
            user.locked_until = clock.now() + LOCKED_FOR
        session.flush()
    return None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one, other)


def _keep_secret(user: User, purpose: Purpose, secret: str, lasts: Any) -> None:
    _spend(user, purpose)
    session.add(
        OneTimeSecret(
            user_id=user.id, purpose=purpose, secret_hash=keyring.hash(secret), expires_at=clock.now() + lasts
        )
    )
    session.flush()


def _spend(user: User, purpose: Purpose) -> None:
    session.execute(delete(OneTimeSecret).filter_by(user_id=user.id, purpose=purpose))


def _new_key() -> str:
    return secrets.token_hex(32)
