"""The verbs of a file: look at it, keep it, hand out its bytes, and sweep away what no row knows."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import fsspec
from sqlalchemy import select

from portal import clock
from portal.database import session
from portal.files import documents, rules
from portal.files.models import StoredFile
from portal.refusals import Refused

log = logging.getLogger(__name__)
KEY = re.compile(r"(\d{14})-[0-9a-f]{32}")
SWEPT_AFTER = timedelta(days=1)
"""Bytes lie before their row is kept; whoever is still saving then is never swept from under."""


class Giver(Protocol):
    """Whoever gave us a file, by their number."""

    @property
    def id(self) -> int:
        """The number of their account."""


class Shelf:
    """Where the bytes lie: a folder, or whatever else fsspec knows by an address (S3 with its own package)."""

    def __init__(self) -> None:
        self._at: Any = None
        self._root = ""

    def load(self, url: str) -> None:
        """Take the address of the settings. Nothing is asked of it before the first file."""
        self._at, root = fsspec.core.url_to_fs(url)
        self._root = str(root).rstrip("/")

    def put(self, key: str, content: bytes) -> None:
        """Keep these bytes under this name."""
        self._at.makedirs(self._root, exist_ok=True)
        self._at.pipe_file(self._path(key), content)

    def get(self, key: str) -> bytes:
        """The bytes under this name; `FileNotFoundError` when there are none."""
        content: bytes = self._at.cat_file(self._path(key))
        return content

    def remove(self, key: str) -> None:
        """Let these bytes go."""
        self._at.rm_file(self._path(key))

    def kept(self) -> Iterator[str]:
        """Every name of ours there is."""
        if self._at.exists(self._root):
            for path in self._at.find(self._root):
                name = str(path).rpartition("/")[2]
                if KEY.fullmatch(name):
                    yield name

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}"


shelf = Shelf()


def examined(
    name: str, content: bytes, *, kinds: tuple[rules.Kind, ...] = rules.KINDS, most: int = rules.MOST_BYTES
) -> rules.Examined:
    """Look at a file somebody gave us. Raises `Refused` with the reason, in words for who gave it.

    `kinds` are those welcome here; `most` is in bytes. A picture comes back drawn anew, without the place and
    the device it was taken with; everything else comes back as it was given, or not at all.
    """
    Refused.unless_empty(rules.reasons_before_looking(name, len(content), most))
    kind = rules.kind_of(name, content, kinds)
    if kind in (rules.PNG, rules.JPEG):
        content = rules.drawn_anew(content)
    elif kind is rules.PDF:
        Refused.unless_empty(documents.reasons_not_to_keep_pdf(content))
    else:
        Refused.unless_empty(documents.reasons_not_to_keep_office(content, kind))
    return rules.Examined(rules.safe_name(name, kind), kind, content)


def keep(file: rules.Examined, *, scheme_id: int, by: Giver | None) -> StoredFile:
    """Keep a file that was looked at: first its bytes, then the row, so that no row is ever without them.

    Is the change undone, the bytes lie alone and are swept away the next day. `by` is None for somebody without
    an account.
    """
    at = clock.now()
    key = f"{at.astimezone(UTC):%Y%m%d%H%M%S}-{secrets.token_hex(16)}"
    shelf.put(key, file.content)
    stored = StoredFile(
        scheme_id=scheme_id, key=key, name=file.name, kind=file.kind.media_type, size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(), kept_at=at, kept_by_id=by.id if by else None,
    )  # fmt: skip
    session.add(stored)
    session.flush()
    return stored


def content_of(stored: StoredFile) -> bytes:
    """The bytes of a kept file. Raises `Refused` when they are gone or not those that were kept."""
    try:
        content = shelf.get(stored.key)
    except (FileNotFoundError, OSError) as gone:
        log.error("the bytes of file %s cannot be read: %s", stored.id, type(gone).__name__)
        raise Refused("This file cannot be opened now. Tell your scheme's coordinator") from gone
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        log.error("the bytes of file %s are not those that were kept", stored.id)
        raise Refused("This file was damaged where it is kept, and is not handed out. Tell your scheme's coordinator")
    return content


def sweep(at: datetime) -> int:
    """Remove bytes that no row knows, a day after they came: what was undone, or let go. How many went."""
    before = f"{(at - SWEPT_AFTER).astimezone(UTC):%Y%m%d%H%M%S}"
    old = [key for key in shelf.kept() if key[:14] < before]
    swept = 0
    for first in range(0, len(old), 500):
        some = old[first : first + 500]
        known = set(session.scalars(select(StoredFile.key).where(StoredFile.key.in_(some))))
        for key in some:
            if key not in known:
                shelf.remove(key)
                swept += 1
    return swept
