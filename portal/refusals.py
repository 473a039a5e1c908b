"""What a service raises when the answer is no: the reasons, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Iterable


class Refused(Exception):
    """A verb would break a rule; nothing was written. `reasons` says why, one sentence each."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)

    @classmethod
    def unless_empty(cls, reasons: Iterable[str]) -> None:
        """Raise when there is any reason why not."""
        if found := list(reasons):
            raise cls(*found)
