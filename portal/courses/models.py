"""The versions of a scheme's courses, the draft of a next one, and the files that go with a session."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base, one_of
from portal.files.models import StoredFile
from portal.schemes.models import Scheme


class CourseVersion(Base):
    """A course as it was on one day, frozen: `body` is `courses.syllabus.Course.to_json()`. Never changed."""

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("scheme_id", "code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    code: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    note: Mapped[str] = mapped_column(String(500), default="")
    """What is new in it, in the words of whoever made it."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    scheme: Mapped[Scheme] = relationship()
    created_by: Mapped[User | None] = relationship()


class CourseDraft(Base):
    """The next version of a course while it is being written; it may be incomplete. One for each course."""

    __tablename__ = "course_draft"
    __table_args__ = (UniqueConstraint("scheme_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    code: Mapped[str] = mapped_column(String(60))
    based_on_id: Mapped[int | None] = mapped_column(ForeignKey("course_version.id"))
    # The record says that it was changed, not all the words of a course at every save; its versions keep them.
    body: Mapped[dict[str, Any]] = mapped_column(JSON, info={"sensitive": True})
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    scheme: Mapped[Scheme] = relationship()
    based_on: Mapped[CourseVersion | None] = relationship()
    changed_by: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Audience(Enum):
    """Who a file of a session is for."""

    LEARNERS = "learners"
    TRAINERS = "trainers"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {"learners": "Learners and trainers", "trainers": "Trainers only"}[self.value]


class SessionFile(Base):
    """One version of a file of one session of a course, such as its slides. A newer one replaces it; both are kept."""

    __tablename__ = "session_file"
    __table_args__ = (
        UniqueConstraint(
            "scheme_id", "course_code", "session_number", "title", "number", name="uq_session_file_version"
        ),
        CheckConstraint("(replaced_at IS NULL) = (replaced_by_id IS NULL)", name="replaced_whole"),
        Index(None, "scheme_id", "course_code", "session_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    course_code: Mapped[str] = mapped_column(String(60))
    session_number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    number: Mapped[int]
    """Which version of this file it is, from 1."""
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    replaced_at: Mapped[datetime | None]
    """Since when it is no longer handed out: replaced by a newer one, or taken away."""
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    file: Mapped[StoredFile] = relationship()
    added_by: Mapped[User] = relationship(foreign_keys=[added_by_id])
