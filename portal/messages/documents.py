"""How letters are written: from the words that come with the portal, or from a scheme's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from icalendar.parser import Contentline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from portal.carriers.rules import Carrier
from portal.messages.rules import Letter, without_name
from portal.web.text import phone

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "messages"
MAY_BE_USED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)
DEEPEST = 12
GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")
SAMPLE_NAME = "Sam Jones"


class PostRoom:
    """How letters are written here: the address of the portal in their links, and who they are from."""

    def __init__(self) -> None:
        self.public_url = "http://localhost"
        self.mail_from = ""
        self.sends_texts = False
        # plain text, never HTML: escaping would put &amp; into people's names
        self.templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701
        )

    def load(self, *, public_url: str, mail_from: str, sends_texts: bool = False) -> None:
        """Take the addresses of the settings, and whether there is a service that sends texts."""
        self.public_url = public_url.rstrip("/")
        self.mail_from = mail_from
        self.sends_texts = sends_texts

    def link(self, path: str) -> str:
        """A path of the portal as a link somebody can open from a message."""
        return self.public_url + path


post_room = PostRoom()


@dataclass(frozen=True)
class MergeField:
    """A fact that a letter carries: its name in braces, what it is, and what it may look like."""

    name: str
    what: str
    sample: Any = ""
    path: str = ""
    """For a link: its path, in which {fact} stands for facts of the letter."""


@dataclass(frozen=True)
class Purpose:
    """What one letter is for, as `templates/messages/<template>.toml` says."""

    template: str
    title: str
    to: str
    """"volunteer", "referee" or "practitioner"."""
    when: str
    purpose: str
    fields: tuple[MergeField, ...]
    links: tuple[MergeField, ...]
    must: tuple[str, ...]
    """What any wording must hold: whoever reads it could do nothing without."""
    must_in_texts: tuple[str, ...]

    def samples(self) -> dict[str, Any]:
        """The facts of an imagined letter, as its function would give them."""
        return {field.name: field.sample for field in self.fields}

    def plain(self, to_name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts as a scheme's own words may use them: links written out, lists as lines."""
        said = {"to_name": to_name, **as_said(facts)}
        given = {name: _as_lines(fact) for name, fact in said.items()}
        links = {link.name: _linked(link, facts) for link in self.links}
        return dict.fromkeys(self.names, "") | given | links

    @property
    def is_about_a_link(self) -> bool:
        """Whether whoever reads it could do nothing without a link in it."""
        return any(link.name in (*self.must, *self.must_in_texts) for link in self.links)

    @property
    def names(self) -> tuple[str, ...]:
        """Every merge field, links included."""
        return ("to_name", *(each.name for each in (*self.fields, *self.links)))


COMMON = {
    "volunteer": {
        "signed_by": {"what": "Your scheme's name, unless they asked us not to say it", "sample": "Your scheme"},
        "phone": {"what": "Your phone number, when you have one", "sample": "0191 498 0000"},
    }
}


@cache
def purposes() -> Mapping[str, Purpose]:
    """What every letter is for that a scheme may word itself, by its template."""
    return {each.template: each for each in _purposes()}


def _purposes() -> Iterator[Purpose]:
    for file in sorted(TEMPLATES.glob("*.toml")):
        said = tomllib.loads(file.read_text("utf-8"))
        fields = COMMON.get(said["to"], {}) | said.get("fields", {})
        yield Purpose(
            template=file.stem, title=said["title"], to=said["to"], when=said["when"], purpose=said["purpose"],
            fields=tuple(MergeField(name, each["what"], each["sample"]) for name, each in fields.items()),
            links=tuple(
                MergeField(name, each["what"], path=each["path"]) for name, each in said.get("links", {}).items()
            ),
            must=tuple(said.get("must", ())), must_in_texts=tuple(said.get("must_in_texts", said.get("must", ()))),
        )  # fmt: skip


def _linked(link: MergeField, facts: Mapping[str, Any]) -> str:
    path = link.path.format_map(facts)
    return path if "://" in path or not path else post_room.link(path)


def _as_lines(fact: Any) -> Any:
    if isinstance(fact, (list, tuple)):
        said = (", ".join(filter(None, each.values())) if isinstance(each, Mapping) else each for each in fact)
        return "\n".join(f"- {each}" for each in said)
    return fact


def as_said(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A number to ring is kept as +44191…; people read and dial 0191…."""
    return {key: phone(fact) if key == "phone" else fact for key, fact in facts.items()}


# The words that come with the portal


def our_letter(letter: Letter) -> tuple[str, str]:
    """Subject and body in our words. Raises `jinja2.UndefinedError` when the letter lacks a fact."""
    first, _, body = _rendered(f"{letter.template}.txt", letter).partition("\n")
    return one_line(first.removeprefix("Subject:")), in_paragraphs(body) + "\n"


def our_short(letter: Letter) -> str | None:
    """The same as a text message; None while nobody has written one."""
    name = f"{letter.template}.text.txt"
    return one_line(_rendered(name, letter)) if (TEMPLATES / name).exists() else None


def _rendered(name: str, letter: Letter) -> str:
    template = post_room.templates.get_template(name)
    return template.render(to_name=letter.to_name, link=post_room.link, **as_said(letter.facts))


def one_line(text: str) -> str:
    """No header can be smuggled in, and a text message is one paragraph."""
    return " ".join(text.split())


def in_paragraphs(text: str) -> str:
    """One empty line between paragraphs, also where one was left out."""
    return GAPS.sub("\n\n", text.strip())


# A scheme's own words


class WordsUnusable(ValueError):
    """Words with something in them that is no plain merge field and no simple if."""


_plain = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_plain.globals.clear()
_plain.filters.clear()
_plain.tests.clear()


def fields_in(source: str) -> set[str]:
    """The merge fields that words use. Raises `WordsUnusable` for anything but fields and ifs."""
    try:
        tree = _plain.parse(source)
        _check(tree)
        return {each.name for each in tree.find_all(nodes.Name)}
    except WordsUnusable:
        raise
    except Exception as wrong:  # jinja2's syntax errors, and Python's for what is nested too deep
        line = getattr(wrong, "lineno", None)
        where = f" in line {line}" if line else ""
        raise WordsUnusable(f"Something is not right with the braces{where}") from wrong


def _check(node: nodes.Node, depth: int = 0) -> None:
    if type(node) not in MAY_BE_USED:
        raise WordsUnusable("Use only merge fields such as {{ to_name }} and {% if … %} … {% endif %}")
    if depth > DEEPEST:
        raise WordsUnusable("Too many ifs are inside each other")
    for child in node.iter_child_nodes():
        _check(child, depth + 1)


def always_in(source: str) -> set[str]:
    """The merge fields that words say to everybody, whatever the ifs in them decide."""
    said = [each for each in _plain.parse(source).body if isinstance(each, nodes.Output)]
    return {each.name for output in said for each in output.nodes if isinstance(each, nodes.Name)}


def in_their_words(source: str, facts: Mapping[str, Any]) -> str:
    """The words with the facts filled in. Raises `WordsUnusable`."""
    unknown = fields_in(source) - facts.keys()
    if unknown:
        raise WordsUnusable(f"There is no {sorted(unknown)[0]}")
    try:
        return _plain.from_string(source).render(facts)
    except Exception as wrong:
        raise WordsUnusable("The words cannot be filled in") from wrong


def sample_letter(purpose: Purpose) -> Letter:
    """An imagined letter, with a sample of every fact."""
    return Letter(purpose.template, "", SAMPLE_NAME, purpose.samples())


def to_start_from(purpose: Purpose, carrier: Carrier) -> tuple[str, str]:
    """Our words with merge fields where the facts would be: what a scheme begins to change."""
    links = {
        link.path.format_map({each.name: _braced(each.name) for each in purpose.fields}): link.name
        for link in purpose.links
    }
    facts = {each.name: _standing_for(each) for each in purpose.fields}
    name = f"{purpose.template}.text.txt" if carrier is Carrier.TEXT else f"{purpose.template}.txt"
    words = post_room.templates.get_template(name).render(
        to_name=_braced("to_name"), link=lambda path: _braced(links[path]) if path in links else post_room.link(path),
        **facts,
    ).replace("- {{", "{{")  # fmt: skip
    if carrier is Carrier.TEXT:
        return "", one_line(words)
    first, _, body = words.partition("\n")
    return one_line(first.removeprefix("Subject:")), body.strip()


def _standing_for(field: MergeField) -> Any:
    if isinstance(field.sample, bool):
        return field.sample
    if not isinstance(field.sample, list):
        return _braced(field.name)
    first = field.sample[0]
    if isinstance(first, Mapping):  # its name stands for the whole line
        return [dict.fromkeys(first, "") | {next(iter(first)): _braced(field.name)}]
    return [_braced(field.name)]


def _braced(name: str) -> str:
    return f"{{{{ {name} }}}}"


def calendar_without(calendar: str, name: str) -> str:
    """The calendar without the scheme's name, in whatever line it stands, however that is folded (RFC 5545, 3.1)."""
    escaped = name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    unfolded = calendar.replace("\r\n ", "").rstrip("\r\n").split("\r\n")
    lines = [without_name(without_name(line, escaped), name) for line in unfolded]
    return "".join(f"{Contentline(line).to_ical().decode()}\r\n" for line in lines)
