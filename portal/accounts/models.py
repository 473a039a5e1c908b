"""People who sign in, the roles they hold, and the invitations that bring staff in."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from flask_security.core import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.access import GRANTS, Can, Role
from portal.database import Base, EncryptedText, one_of
from portal.schemes.models import Area, Scheme

SECRET = {"sensitive": True}  # the audit trail says that it changed, never what it was


class User(Base, UserMixin):
    """Somebody with an account. What they may do comes from the roles they hold, nowhere else."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    ends_on: Mapped[date | None]
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    password: Mapped[str | None] = mapped_column(String(255), info=SECRET)
    totp_secret: Mapped[str | None] = mapped_column(EncryptedText)
    totp_last_counter: Mapped[int | None]
    recovery_code_hashes: Mapped[list[str] | None] = mapped_column(JSON, info=SECRET)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    roles_held: Mapped[list[RoleHeld]] = relationship(back_populates="user", lazy="selectin")

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        """Flask-Security's own roles: unused, ours are held per scheme and area."""
        return []

    @property
    def may_sign_in(self) -> bool:
        """Whether the account is open today."""
        return self.active and (self.ends_on is None or clock.today() <= self.ends_on)

    @property
    def is_shut_out(self) -> bool:
        """Whether too many wrong tries have closed it for some minutes."""
        return self.locked_until is not None and clock.now() < self.locked_until

    @property
    def is_staff(self) -> bool:
        """Whether any role they hold now is a worker's: then a second step is asked at sign-in."""
        return any(held.role is not Role.VOLUNTEER for held in self.roles_held if held.is_now)

    @property
    def scheme_name(self) -> str:
        """The scheme named at the top of their pages: that of the first role they hold now, "" without one."""
        return next((held.scheme.name for held in self.roles_held if held.is_now), "")

    def reach(self, can: Can) -> list[tuple[int, int | None]]:
        """Where they hold a role that grants it: (scheme, area), area None for the whole scheme."""
        return [(held.scheme_id, held.area_id) for held in self.roles_held if held.is_now and can in GRANTS[held.role]]

    def may(self, can: Can) -> bool:
        """Whether they may do it anywhere; for buttons. The guard and the queries decide."""
        return bool(self.reach(can))


class RoleHeld(Base):
    """One role of one user in one scheme, for the whole of it or for one area, from a day and perhaps until one."""

    __tablename__ = "role_held"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates_in_order"),
        Index(None, "scheme_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    role: Mapped[Role] = mapped_column(one_of(Role))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="roles_held")
    scheme: Mapped[Scheme] = relationship()
    area: Mapped[Area | None] = relationship()

    @property
    def is_now(self) -> bool:
        """Whether it is held today; both ends count. Somebody sent away loses it that minute, not at midnight."""
        if self.ended_at is not None:
            return False
        today = clock.today()
        return self.from_on <= today and (self.until_on is None or today <= self.until_on)


class Invitation(Base):
    """A link that brings one person in to hold one role. Its secret is kept hashed; it works once."""

    __tablename__ = "invitation"
    __table_args__ = (CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(one_of(Role))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    scheme: Mapped[Scheme] = relationship()
    area: Mapped[Area | None] = relationship()
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.accepted_at is None and self.revoked_at is None and clock.now() < self.expires_at


class Purpose(Enum):
    """What a secret sent by e-mail is good for."""

    SIGN_IN = "sign_in"
    NEW_PASSWORD = "new_password"  # noqa: S105 - a purpose, not a password


class OneTimeSecret(Base):
    """A code or link that was e-mailed to somebody: one at a time for each purpose, kept hashed, gone once used."""

    __tablename__ = "one_time_secret"
    __table_args__ = (UniqueConstraint("user_id", "purpose"),)

    unaudited = True  # signing in is recorded; the codes on the way there are noise

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    purpose: Mapped[Purpose] = mapped_column(one_of(Purpose))
    secret_hash: Mapped[str] = mapped_column(String(64), index=True)
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship()
