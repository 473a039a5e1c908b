"""A scheme and its areas."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Dialect, ForeignKey, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, one_of
from portal.schemes.rules import SchemeSettings


class SettingsColumn(TypeDecorator[SchemeSettings]):
    """A scheme's settings as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: SchemeSettings | None, dialect: Dialect) -> Any:
        """To a plain dictionary."""
        return None if value is None else value.to_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> SchemeSettings | None:
        """Back to the frozen settings."""
        return None if value is None else SchemeSettings.from_json(value)


class Doors(Enum):
    """Whether an area takes applications."""

    OPEN = "open"
    WAITING_LIST = "waiting_list"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return {"open": "Open", "waiting_list": "Waiting list", "closed": "Closed for now"}[self.value]


class Scheme(Base):
    """An organisation that recruits, trains and looks after peer mentors."""

    __tablename__ = "scheme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    strapline: Mapped[str] = mapped_column(String(200), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    about_role: Mapped[str] = mapped_column(Text, default="")
    about_time: Mapped[str] = mapped_column(Text, default="")
    about_convictions: Mapped[str] = mapped_column(Text, default="")
    about_independence: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    settings: Mapped[SchemeSettings] = mapped_column(SettingsColumn, default=SchemeSettings)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    areas: Mapped[list[Area]] = relationship(back_populates="scheme", order_by="Area.name")

    __mapper_args__ = {"version_id_col": version}


AREA_TEXTS = ("about", "about_role", "about_time", "about_convictions")


class Area(Base):
    """A place where a scheme works, such as a town."""

    __tablename__ = "area"
    __table_args__ = (UniqueConstraint("scheme_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    about_role: Mapped[str] = mapped_column(Text, default="")
    about_time: Mapped[str] = mapped_column(Text, default="")
    about_convictions: Mapped[str] = mapped_column(Text, default="")
    """What is different here; empty where the scheme's own words hold, as with the two above."""
    doors: Mapped[Doors] = mapped_column(one_of(Doors), default=Doors.OPEN)
    version: Mapped[int] = mapped_column()

    scheme: Mapped[Scheme] = relationship(back_populates="areas")

    __mapper_args__ = {"version_id_col": version}
