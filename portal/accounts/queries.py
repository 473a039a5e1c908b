"""Who has an account, who holds which role, and which invitations wait.

Some of these have no `seen_by`: they find who somebody is before anybody is signed in.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, Role, within
from portal.accounts.models import Invitation, OneTimeSecret, Purpose, RoleHeld, User
from portal.accounts.rules import DEMO_EMAILS, same_address
from portal.database import keyring, session
from portal.paging import Page, page_of, read
from portal.schemes.models import Scheme

PAGE = 40


# Written once: putting a statement together costs more than sending it, and every page asks this one.
_SIGNED_IN = (
    select(User)
    .where(User.fs_uniquifier == bindparam("key"))
    .options(joinedload(User.roles_held).joinedload(RoleHeld.scheme).load_only(Scheme.name))
)


def user_signed_in(key: str) -> User | None:
    """The user of a session's key, with the roles they hold, in one query: every page asks it."""
    return session.scalars(_SIGNED_IN, {"key": key}).unique().one_or_none()


def user_by_email(email: str) -> User | None:
    """The account with this address, for services that must know whether there is one."""
    return session.scalar(select(User).where(User.email == same_address(email)))


def user_to_try(email: str) -> User | None:
    """The account somebody tries to open, held so that tries at the same time are counted one by one."""
    return session.scalar(select(User).where(User.email == same_address(email)).with_for_update())


def user_half_in(key: str) -> User | None:
    """The account whose first step was passed, held as in `user_to_try`."""
    return session.scalar(select(User).where(User.fs_uniquifier == key).with_for_update())


def secret_of(user: User, purpose: Purpose) -> OneTimeSecret | None:
    """What was last e-mailed to them for this, old or not."""
    return session.scalar(select(OneTimeSecret).filter_by(user_id=user.id, purpose=purpose))


def user_of_password_link(token: str) -> User | None:
    """Whom a link to a new password was sent to; None when it is spent, too old or made up."""
    query = select(OneTimeSecret).where(
        OneTimeSecret.secret_hash == keyring.hash(token),
        OneTimeSecret.purpose == Purpose.NEW_PASSWORD,
        OneTimeSecret.expires_at > clock.now(),
    )
    found = session.scalar(query.options(joinedload(OneTimeSecret.user)))
    return found.user if found and found.user.may_sign_in else None


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation of a link that still works; the secret in it is the permission to see it."""
    query = select(Invitation).where(Invitation.token_hash == keyring.hash(token))
    found = session.scalar(query.options(joinedload(Invitation.scheme), joinedload(Invitation.area)))
    return found if found and found.is_open else None


def staff(*, seen_by: User, after: str | None = None) -> Page[RoleHeld]:
    """Roles that staff hold today or will hold, by name, with the person, the scheme and the area of each."""
    today = clock.today()
    query = (
        select(RoleHeld)
        .join(RoleHeld.user)
        .where(
            within(seen_by, Can.MANAGE_STAFF, RoleHeld.scheme_id, RoleHeld.area_id),
            RoleHeld.role != Role.VOLUNTEER,
            RoleHeld.ended_at.is_(None),
            (RoleHeld.until_on.is_(None)) | (RoleHeld.until_on >= today),
        )
        .options(joinedload(RoleHeld.user), joinedload(RoleHeld.scheme), joinedload(RoleHeld.area))
        .order_by(User.name, RoleHeld.id)
        .limit(PAGE + 1)
    )
    if key := read(after, like=("", 0)):
        name, number = key
        query = query.where((User.name > name) | ((User.name == name) & (RoleHeld.id > number)))
    return page_of(session.scalars(query).all(), PAGE, key=lambda held: (held.user.name, held.id))


def invitations_waiting(*, seen_by: User) -> list[Invitation]:
    """Invitations that were sent and neither accepted nor taken back, the newest first; old ones say so."""
    query = (
        select(Invitation)
        .where(
            within(seen_by, Can.MANAGE_STAFF, Invitation.scheme_id),
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .options(joinedload(Invitation.scheme), joinedload(Invitation.area))
        .order_by(Invitation.id.desc())
        .limit(PAGE)
    )
    return list(session.scalars(query))


def role_held(held_id: int, *, seen_by: User) -> RoleHeld | None:
    """One role that a member of staff holds, in a scheme whose staff this person looks after.

    A role that has ended is nobody's business here any more: the person may work for another scheme by now.
    """
    query = (
        select(RoleHeld)
        .where(
            RoleHeld.id == held_id,
            RoleHeld.role != Role.VOLUNTEER,
            RoleHeld.ended_at.is_(None),
            (RoleHeld.until_on.is_(None)) | (RoleHeld.until_on >= clock.today()),
            within(seen_by, Can.MANAGE_STAFF, RoleHeld.scheme_id, RoleHeld.area_id),
        )
        .options(joinedload(RoleHeld.user), joinedload(RoleHeld.scheme), joinedload(RoleHeld.area))
    )
    return session.scalar(query)


def invitation(invitation_id: int, *, seen_by: User) -> Invitation | None:
    """One invitation of a scheme whose staff this person looks after."""
    return session.scalar(
        select(Invitation).where(
            Invitation.id == invitation_id, within(seen_by, Can.MANAGE_STAFF, Invitation.scheme_id)
        )
    )


def other_holders(held: RoleHeld) -> int:
    """How many others hold the same role in the same scheme today: the last admin must not go."""
    query = select(RoleHeld).filter_by(scheme_id=held.scheme_id, role=held.role).where(RoleHeld.id != held.id)
    return len({other.user_id for other in session.scalars(query) if other.is_now and other.user_id != held.user_id})


def demo_users() -> list[tuple[Role, User]]:
    """The people of the demonstration, one for each role, in the order of the roles. Only the demo page asks."""
    found = {user.email: user for user in session.scalars(select(User).where(User.email.in_(DEMO_EMAILS.values())))}
    return [(role, found[email]) for role, email in DEMO_EMAILS.items() if email in found]
