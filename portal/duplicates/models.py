"""What was decided about two records that may be of one person."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, one_of
from portal.volunteers.models import Volunteer


class Verdict(Enum):
    """Whether two records are of one person."""

    SAME = "same"
    DIFFERENT = "different"

    @property
    def words(self) -> str:
        """As a list shows it."""
        return {"same": "The same person", "different": "Two people"}[self.value]


class Pair(Base):
    """Two records that were looked at: `kept` goes on, `other` was joined with it, or both are people of their own."""

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        UniqueConstraint("kept_id", "other_id"),
        CheckConstraint("kept_id <> other_id", name="two"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict))
    because: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    carried: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info={"sensitive": True})
    """What the kept record held before it took something from the other one, so that parting can put it back."""
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    kept: Mapped[Volunteer] = relationship(foreign_keys=kept_id)
    other: Mapped[Volunteer] = relationship(foreign_keys=other_id)
