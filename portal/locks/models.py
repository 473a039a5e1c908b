"""That something was done, and who holds an office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base

CLOCK = "clock"  # the office of the one worker that starts what is due


class Once(Base):
    """That something was done which is done once, such as the second chaser of one reference."""

    __tablename__ = "once"

    unaudited = True

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime]


class Watch(Base):
    """Which worker process holds an office that only one may hold, such as the clock, and when it last said so."""

    __tablename__ = "watch"

    unaudited = True

    office: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    beat_at: Mapped[datetime]
    until_at: Mapped[datetime]
