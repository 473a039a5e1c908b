"""What a service raises when the answer is no: the reasons, in words for the person who asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Refused(Exception):
    """A verb would break a rule; nothing was written. `reasons` says why, one sentence each."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)
        self.by_field: dict[str, str] = {}
        """Reasons that lie in one answer: by the name of what was asked for. A form says them there."""

    @classmethod
    def unless_empty(cls, reasons: Iterable[str]) -> None:
        """Raise when there is any reason why not."""
        if found := list(reasons):
            raise cls(*found)

    @classmethod
    def unless_empty_by_field(cls, reasons: Mapping[str, str]) -> None:
        """Raise when there is any reason why not, each by the name of the answer in which it lies."""
        if reasons:
            refused = cls(*reasons.values())
            refused.by_field = dict(reasons)
            raise refused
