"""What is known of a file; its bytes lie where the setting FILES_URL says."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base
from portal.files.rules import KINDS, size_words


class StoredFile(Base):
    """A file that was looked at and kept. `key` is its name where it lies, ours and never theirs."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    """The name it is offered under when somebody downloads it."""
    kind: Mapped[str] = mapped_column(String(100))
    """The media type, told from its content."""
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    @property
    def kind_words(self) -> str:
        """What it is, as people call it: "PDF"."""
        return next((kind.words for kind in KINDS if kind.media_type == self.kind), "File")

    @property
    def size_words(self) -> str:
        """How large it is: "2.5 MB"."""
        return size_words(self.size)
