"""An application on paper, as it came."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base
from portal.files.models import StoredFile
from portal.schemes.models import Area
from portal.volunteers.models import Volunteer


class PaperForm(Base):
    """A filled-in form that somebody handed in: the scan, and the person it was typed in for."""

    __tablename__ = "paper_form"
    __table_args__ = (
        CheckConstraint("typed_at IS NULL OR volunteer_id IS NOT NULL", name="typed_for_somebody"),
        CheckConstraint("(set_aside_at IS NULL) = (set_aside_because = '')", name="set_aside_whole"),
        Index(None, "scheme_id", "typed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    received_on: Mapped[date]
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id"), index=True)
    typed_at: Mapped[datetime | None]
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    set_aside_at: Mapped[datetime | None]
    set_aside_because: Mapped[str] = mapped_column(String(300), default="", info={"sensitive": True})
    """Why it leads to no application: handed in twice, or not a form of ours."""
    version: Mapped[int] = mapped_column()

    area: Mapped[Area] = relationship()
    file: Mapped[StoredFile] = relationship()
    kept_by: Mapped[User] = relationship(foreign_keys=kept_by_id)
    volunteer: Mapped[Volunteer | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
