"""Agreements, each in versions, and who acknowledged them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, one_of
from portal.files.models import StoredFile
from portal.schemes.models import Scheme
from portal.volunteers.models import Volunteer


class AgreementKind(Enum):
    """What an agreement is about."""

    VOLUNTEER = "volunteer"
    CONFIDENTIALITY = "confidentiality"
    CONDUCT = "conduct"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "volunteer": "Volunteer agreement", "confidentiality": "Confidentiality", "conduct": "Code of conduct",
        }[self.value]  # fmt: skip


class Agreement(Base):
    """One version of what volunteer and scheme expect of each other. Never changed: a new version is a new row."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("scheme_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    kind: Mapped[AgreementKind] = mapped_column(one_of(AgreementKind), default=AgreementKind.VOLUNTEER)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asks_again: Mapped[bool] = mapped_column(default=True)
    """Whether those who acknowledged an earlier version are asked again; a typing mistake put right asks nobody."""
    withdrawn_at: Mapped[datetime | None]
    """From then on nobody is asked for it."""

    scheme: Mapped[Scheme] = relationship()


class Acknowledgement(Base):
    """A volunteer typed their name under one version of the agreement."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("volunteer_id", "agreement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    typed_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # staff, when it was on paper
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """A scan or photo of the paper, when there is one."""

    agreement: Mapped[Agreement] = relationship()
    volunteer: Mapped[Volunteer] = relationship()
    file: Mapped[StoredFile | None] = relationship()
