"""How the bytes of a form become text: what is not UTF-8 is marked as damaged, so that its field can say so."""

from __future__ import annotations

from typing import IO
from urllib.parse import parse_qsl

from flask import Request as FlaskRequest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class _Parser(FormDataParser):
    """The usual parser leaves damaged bytes as "%E9" in the text, where nobody would notice them."""

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Parsed:
        text = stream.read().decode(errors="replace")
        return stream, self.cls(parse_qsl(text, keep_blank_values=True, errors="replace")), self.cls()


class Request(FlaskRequest):
    """A request whose forms mark what they could not read."""

    form_data_parser_class = _Parser
