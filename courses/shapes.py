"""Makes the classes of a syllabus from plain values (TOML, JSON), naming each value that does not fit."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

Where = tuple[str | int, ...]
"""The way to a value from the top: ("units", 0, "glh")."""

T = TypeVar("T")
_WORDS = {int: "a whole number", str: "text", bool: "true or false"}


class Fault(NamedTuple):
    """One thing wrong with a syllabus: the way to it, and what to do about it in words."""

    where: Where
    message: str


def build(cls: type[T], raw: object, faults: list[Fault], at: Where = ()) -> T | None:
    """Make a `cls` of the mapping `raw`; on any mismatch add to `faults` and return None.

    Strict on purpose: a misspelt key or a number in quotes would otherwise change how people pass, silently.
    """
    if not isinstance(raw, Mapping):
        faults.append(Fault(at, "must be a table of names and values"))
        return None
    hints, known, before = get_type_hints(cls), _fields(cls), len(faults)
    for name in raw:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            faults.append(Fault((*at, str(name)), f'"{name}" is not known here' + _meant(near)))
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in raw:
            values[name] = _value(hints[name], raw[name], faults, (*at, name))
        elif field.default is MISSING:
            faults.append(Fault(at, f'"{name}" is missing'))
    return cls(**values) if len(faults) == before else None


def plain(value: object) -> Any:
    """The same facts as JSON can hold them: the opposite of `build`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in _fields(type(value))}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def _fields(cls: type) -> dict[str, Field[Any]]:
    return {field.name: field for field in fields(cls)}


def _meant(near: list[str]) -> str:
    return f'; did you mean "{near[0]}"?' if near else ""


def _value(hint: Any, raw: object, faults: list[Fault], at: Where) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(raw, list | tuple):
            faults.append(Fault(at, "must be a list"))
            return ()
        inner = get_args(hint)[0]
        return tuple(_value(inner, item, faults, (*at, n)) for n, item in enumerate(raw))
    if isinstance(hint, type) and is_dataclass(hint):
        return build(hint, raw, faults, at)
    if isinstance(hint, types.UnionType):
        raise TypeError(f"a syllabus has no optional values, and {hint} is one")
    # bool is an int to Python, but "level = true" is a mistake to everybody else.
    if not isinstance(raw, hint) or (hint is int and isinstance(raw, bool)):
        faults.append(Fault(at, f"must be {_WORDS[hint]}"))
        return None
    return raw
