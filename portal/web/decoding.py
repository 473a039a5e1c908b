"""What people send, read: damaged bytes of a form are marked, so that its field can say so; numbers end."""

from __future__ import annotations

from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request as FlaskRequest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class _Parser(FormDataParser):
    """The usual parser leaves damaged bytes as "%E9" in the text, where nobody would notice them."""

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Parsed:
        text = stream.read().decode(errors="replace")
        return stream, self.cls(parse_qsl(text, keep_blank_values=True, errors="replace")), self.cls()


class RowNumber(IntegerConverter):
    """The number of a row in a path; no row has one that its column could not hold, so there is no such page."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As large as a column of ours."""
        super().__init__(*args, **{"max": 2**31 - 1, **options})


class Request(FlaskRequest):
    """A request whose forms mark what they could not read."""

    form_data_parser_class = _Parser
