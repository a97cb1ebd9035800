"""The form that a flow asks for at an action: its fields as plain data, and what was typed as plain values.

The flow decides what is asked; only the look depends on a field's type. Whether an entry is allowed is the
engine's to say; here typed text becomes the values that JSON would have brought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webob.multidict import MultiDict

from intranet_surat.errors import Invalid
from intranet_surat.kinds.dates import parse_date
from intranet_surat.kinds.text import TextError, clean
from intranet_surat.workflow import cast, durations
from intranet_surat.workflow.answers import title
from intranet_surat.workflow.calendar import end_of
from intranet_surat.workflow.model import Duration, Field, Flow, Form, Who
from intranet_surat.workflow.view import Actor, ItemView, Setting

LIMITS = (0, 1, 3, 5, 10)
"""The limits that stand open, in working days; 0 is the end of today."""
USUAL = 6
"""How many words of a vocabulary stand open; the others are behind one press."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value to choose; ``hint`` says what the label does not."""

    value: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field as a template draws it; ``more`` are options that stand behind one press."""

    name: str
    type: str
    title: str
    required: bool
    hint: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    more: tuple[Option, ...] = ()
    error: str = ""
    accept: str = ""
    read_code: bool = False


def build(
    flow: Flow,
    form: Form,
    item: ItemView,
    actor: Actor,
    asked: Setting,
    *,
    typed: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> tuple[AskedField, ...]:
    """Make the fields in the flow's order, with their defaults.

    ``typed`` is what stood in them instead when the form came back with ``errors``.
    """
    errors = errors or {}
    found: list[AskedField] = []
    for field in form.fields.values():
        values = _standing(field, typed)
        near, far = options(flow, form, field, item, actor, asked, values)
        found.append(
            AskedField(
                name=field.name,
                type=field.type,
                title=title(field),
                required=field.required,
                hint=_hint(field),
                value=_shown(field, values, near),
                options=near,
                more=far,
                error=errors.get(field.name, ""),
                accept=",".join(f".{each}" for each in field.accept) or ".pdf,.jpg,.jpeg,.png",
                read_code=field.read_code,
            )
        )
    return tuple(found)


def _shown(field: Field, values: Sequence[str], near: Sequence[Option]) -> str:
    """What stands in the field's own box; for a limit only a typed date, which no tick shows."""
    if not values or field.type not in {"text", "date", "position", "choice", "deadline"}:
        return ""
    if field.type == "deadline" and values[0] in {each.value for each in near}:
        return ""
    return values[0]


def options(
    flow: Flow,
    form: Form,
    field: Field,
    item: ItemView,
    actor: Actor,
    asked: Setting,
    values: Sequence[str],
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Return the options that stand open and those behind one press."""
    if field.type in {"choice", "choices"}:
        words = asked.vocabularies.get(field.of or "", {})
        made = tuple(Option(code, label, chosen=code in values) for code, label in words.items())
        return _folded(made, USUAL if len(made) > USUAL + 2 else len(made))
    if field.type in {"position", "positions"}:
        return _positions(flow, form, field, item, actor, asked, values)
    if field.type == "deadline":
        return _limits(field, asked, values), ()
    if field.type == "yes-no":
        return (Option("ya", title(field), chosen=bool(values)),), ()
    return (), ()


def _folded(made: tuple[Option, ...], open_: int) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Keep what is chosen among the open ones, so that nothing chosen is hidden."""
    near = tuple(each for at, each in enumerate(made) if at < open_ or each.chosen)
    return near, tuple(each for each in made if each not in near)


def _positions(
    flow: Flow, form: Form, field: Field, item: ItemView, actor: Actor, asked: Setting, values: Sequence[str]
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    source = field.source
    if isinstance(source, str):
        other = form.fields.get(source.removeprefix("form."))
        source = other.source if other is not None else None
    elif isinstance(source, Who) and source.op in {"form", "holder"}:
        other = next((each for each in form.fields.values() if each.type == "positions"), None)
        source = other.source if other is not None else None
    if not isinstance(source, Who):
        return (), ()
    ids = cast.positions(source, flow, item, asked, actor=actor)
    org = asked.org
    made = [
        Option(each, org.title(each), _unheld(org, each), chosen=each in values)
        for each in ids
        if each != actor.position
    ]
    near = [each for each in made if org.superior(each.value) == actor.position or each.chosen]
    far = [each for each in made if each not in near]
    return (tuple(near), tuple(far)) if near else (tuple(far), ())


def _unheld(org: Any, position: str) -> str:
    return "" if org.persons(position) else "belum ada pemegang"


def _limits(field: Field, asked: Setting, values: Sequence[str]) -> tuple[Option, ...]:
    most = field.at_most
    latest = asked.calendar.after(asked.now, most.amount, most.unit) if most is not None else None
    made: list[Option] = []
    for days in LIMITS:
        day = asked.now.date()
        until = asked.calendar.after(asked.now, days, "working days") if days else end_of(day, asked.calendar)
        if until <= asked.now or (latest is not None and until > latest):
            continue
        text = f"{days} working days" if days else day.isoformat()
        made.append(
            Option(text, f"{days} hari kerja" if days else "Hari ini", until.isoformat(), chosen=text in values)
        )
    if not field.required and field.default is None:
        made.append(Option("", "Tanpa batas", chosen=not any(each.chosen for each in made)))
    return tuple(made)


def written(duration: Duration) -> str:
    """A duration as a flow file writes it, with the plural that the options carry."""
    return f"{duration.amount} {duration.unit}"


def _hint(field: Field) -> str:
    if field.type == "date":
        return "hari/bulan/tahun, misalnya 20/11/2026"
    if field.type == "deadline" and field.at_most is not None:
        return f"Paling lama {durations.text(field.at_most)}."
    if field.type in {"file", "files"} and field.read_code:
        return "PDF, 200 dpi atau lebih, semua halaman berurutan"
    return ""


def _standing(field: Field, typed: Mapping[str, Any] | None) -> list[str]:
    """What stands in a field as text: its default on a fresh form, else what was typed."""
    value = field.default if typed is None else typed.get(field.name)
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    if isinstance(value, Duration):
        return [written(value)]
    return ["ya" if value is True else str(value)] if value else []


def entered(form: Form, post: Any, now: datetime) -> dict[str, Any]:
    """Read the typed fields of a form from a MultiDict; files are the caller's.

    Raises Invalid for text that cannot be read as what its field wants.
    """
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in form.fields.values():
        if field.type in {"file", "files"}:
            continue
        try:
            value = _read(field, post, now)
        except (TextError, ValueError) as error:
            errors[field.name] = str(error)
            continue
        if value not in (None, "", []):
            found[field.name] = value
    if errors:
        raise Invalid(errors)
    return found


def plain(post: Any) -> MultiDict:
    """The names and values of a form without the marks by which our own forms tell lists apart."""
    return MultiDict((name, value) for name, value in post.items() if not name.startswith("__"))


def typed(form: Form, post: Any) -> dict[str, Any]:
    """What stood in the fields, unread, so that a form comes back as it was sent."""
    found: dict[str, Any] = {}
    for field in form.fields.values():
        values = [each for each in post.getall(field.name) if isinstance(each, str) and each]
        found[field.name] = values if field.type in {"choices", "positions"} else (values[0] if values else "")
        if field.type == "deadline":
            found[field.name] = _limit(field, post)
    return found


def _read(field: Field, post: Any, now: datetime) -> Any:
    if field.type == "yes-no":
        return post.get(field.name) in {"ya", "true", "on", "1"}
    if field.type in {"choices", "positions"}:
        return list(dict.fromkeys(each for each in post.getall(field.name) if each))
    if field.type == "deadline":
        return _deadline(_limit(field, post), now)
    value = post.get(field.name) or ""
    if not isinstance(value, str):
        raise ValueError("Isian ini harus teks, bukan berkas.")  # noqa: TRY004  told beside the field
    if field.type == "text":
        return clean(value, lines=True).strip()
    if field.type == "date":
        return parse_date(value, today=now.date()).isoformat() if value.strip() else ""
    return value.strip()


def _limit(field: Field, post: Any) -> str:
    """The limit typed as a date wins over the one that was ticked."""
    return (post.get(f"{field.name}_tanggal") or "").strip() or (post.get(field.name) or "").strip()


def _deadline(text: str, now: datetime) -> str:
    if not text or text.split(" ", 1)[-1] in {"working day", "working days", "days", "day", "hours", "hour"}:
        return text
    return parse_date(text, today=now.date()).isoformat()
