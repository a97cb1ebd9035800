"""What was entered at an action: checked against the fields that the flow asks, and put in its stored form.

Values come typed or as text: positions as ids, dates as ISO, files as mappings of what the uploads found
(``sha256``, ``filename``, ``code``). How a form looks lives in the web.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from intranet_surat.errors import Invalid
from intranet_surat.workflow import cast, durations
from intranet_surat.workflow.calendar import day, end_of, moment
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.model import Duration, Field, Flow, Form, Mark, Who
from intranet_surat.workflow.view import Actor, ItemView, Setting

LONGEST_TEXT = 10_000
MOST_VALUES = 500
_YES = frozenset({"ya", "yes", "true", "on", "1"})
_NO = frozenset({"tidak", "no", "false", "off", "0"})
_SUFFIXES = {"jpg": "jpeg"}
_NOWHERE = Mark("", 1, 1)


class _WrongError(Exception):
    """One field cannot be taken; the argument is its sentence."""


class Asked(NamedTuple):
    """Who answers which form, on which item."""

    form: Form
    flow: Flow
    item: ItemView
    actor: Actor
    setting: Setting

    def candidates(self, field: Field, values: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """The position ids that may be chosen in a field, given what the other fields hold."""
        if isinstance(field.source, Who):
            return cast.positions(field.source, self.flow, self.item, self.setting, actor=self.actor, form=values)
        if isinstance(field.source, str):
            return cast.holders_in((values or {}).get(field.source.removeprefix("form.")))
        return ()

    def words(self, field: Field) -> Mapping[str, str]:
        """The vocabulary of a field: value -> label."""
        return self.setting.vocabularies.get(field.of or "", {})

    def hopeless(self) -> Field | None:
        """A field that must be filled and that nobody could fill now."""
        for field in self.form.fields.values():
            if not field.required:
                continue
            if field.type in ("position", "positions") and isinstance(field.source, Who):
                open_ended = any(part.op == "form" for part in cast.parts(field.source))
                if not open_ended and not self.candidates(field):
                    return field
            if field.type in ("choice", "choices") and not self.words(field):
                return field
        return None

    def check(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The values as they are stored; raises Invalid with a sentence for each field that is wrong.

        A field that nobody filled and that has no default is left out.
        """
        wrong = {name: "Isian ini tidak ditanyakan oleh alur." for name in answers if name not in self.form.fields}
        values: dict[str, Any] = {}
        # Fields that take their choices from another field come after it, wherever they stand in the form.
        for field in sorted(self.form.fields.values(), key=lambda each: isinstance(each.source, str)):
            try:
                value = self._value(field, answers.get(field.name), values)
            except _WrongError as error:
                wrong[field.name] = str(error)
                continue
            if value is not None:
                values[field.name] = value
        if wrong:
            raise Invalid(wrong)
        return {name: values[name] for name in self.form.fields if name in values}

    def _value(self, field: Field, answer: Any, values: Mapping[str, Any]) -> Any:
        if isinstance(answer, str):
            answer = _clean(answer)
        if answer is None or answer in ("", [], {}, ()):
            answer = field.default
        if answer is None or answer == "":
            if field.required:
                raise _WrongError(f"{title(field)} harus diisi.")
            return None
        match field.type:
            case "text":
                return _text(answer)
            case "date":
                return _date(answer)
            case "deadline":
                return self._deadline(field, answer)
            case "yes-no":
                return _yes_no(answer)
            case "choice" | "choices":
                return self._chosen(field, answer, self.words(field))
            case "position" | "positions":
                return self._chosen(field, answer, dict.fromkeys(self.candidates(field, values), ""))
            case _:
                return _files(field, answer)

    def _chosen(self, field: Field, answer: Any, allowed: Mapping[str, str]) -> Any:
        several = field.type in ("choices", "positions")
        chosen = answer if isinstance(answer, list | tuple) else [answer]
        if not all(isinstance(each, str) for each in chosen) or len(chosen) > MOST_VALUES:
            raise _WrongError("Pilih dari daftar.")
        chosen = list(dict.fromkeys(chosen))
        if not several and len(chosen) > 1:
            raise _WrongError("Pilih satu saja.")
        for each in chosen:
            if each not in allowed:
                person = field.type in ("position", "positions")
                label = self.setting.org.title(each) if person else each
                raise _WrongError(f"'{label[:80]}' tidak ada di daftar pilihan.")
        return chosen if several else chosen[0]

    def _deadline(self, field: Field, answer: Any) -> str:
        instant = self._instant(answer)
        now, clock = self.setting.now, self.setting.calendar
        if instant <= now:
            raise _WrongError("Batas waktu sudah lewat. Pilih waktu sesudah sekarang.")
        if field.at_most is not None:
            latest = clock.after(now, field.at_most.amount, field.at_most.unit)
            if instant > latest:
                last = day(latest, clock).strftime("%d/%m/%Y")
                raise _WrongError(f"Batas paling lama {durations.text(field.at_most)}, yaitu {last}.")
        return instant.astimezone(UTC).isoformat()

    def _instant(self, answer: Any) -> datetime:
        now, clock = self.setting.now, self.setting.calendar
        if isinstance(answer, str):
            found = moment(answer)
            try:
                answer = found if found is not None else durations.parse(answer, _NOWHERE)
            except FlowError:
                raise _WrongError("Isi batas dengan tanggal, misalnya 20/11/2026.") from None
        if isinstance(answer, Duration):
            return clock.after(now, answer.amount, answer.unit)
        if isinstance(answer, datetime):
            return answer if answer.tzinfo is not None else answer.replace(tzinfo=UTC)
        if isinstance(answer, date):
            return end_of(answer, clock)
        raise _WrongError("Isi batas dengan tanggal.")


def title(field: Field) -> str:
    """How a field is called in sentences."""
    return field.title or field.name.replace("_", " ").capitalize()


def _clean(text: str) -> str:
    """Text without surrounding space, in NFC; refuses what a reader cannot see, and unread what is far too long."""
    if len(text) > 10 * LONGEST_TEXT:
        raise _WrongError(f"Paling panjang {LONGEST_TEXT} huruf; ditemukan {len(text)}.")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    hidden = next((char for char in text if unicodedata.category(char) in ("Cc", "Cf") and char not in "\n\t"), None)
    if hidden is not None or any("\ud800" <= char <= "\udfff" for char in text):
        raise _WrongError("Isian memuat tanda yang tidak terlihat. Ketik ulang tanpa tanda itu.")
    return text


def _text(answer: Any) -> str:
    if not isinstance(answer, str):
        raise _WrongError("Isi dengan teks.")
    if len(answer) > LONGEST_TEXT:
        raise _WrongError(f"Paling panjang {LONGEST_TEXT} huruf; ditemukan {len(answer)}.")
    return answer


def _date(answer: Any) -> str:
    if isinstance(answer, date) and not isinstance(answer, datetime):
        return answer.isoformat()
    found = moment(answer)
    if found is None or isinstance(found, datetime):
        raise _WrongError("Isi dengan tanggal yang ada di kalender.")
    return found.isoformat()


def _yes_no(answer: Any) -> bool:
    if isinstance(answer, bool):
        return answer
    word = str(answer).lower()
    if word not in _YES | _NO:
        raise _WrongError("Pilih ya atau tidak.")
    return word in _YES


def _files(field: Field, answer: Any) -> Any:
    files = answer if isinstance(answer, list | tuple) else [answer]
    if len(files) > MOST_VALUES or (field.type == "file" and len(files) != 1):
        raise _WrongError("Unggah satu berkas saja.")
    for each in files:
        if not isinstance(each, Mapping):
            raise _WrongError("Unggah sebuah berkas.")
        suffix = str(each.get("filename") or "").rpartition(".")[2].lower()
        suffix = _SUFFIXES.get(suffix, suffix)
        if field.accept and suffix and suffix not in field.accept:
            raise _WrongError(f"Berkas harus berjenis {', '.join(field.accept)}; ditemukan {suffix}.")
    kept = [dict(each) for each in files]
    return kept if field.type == "files" else kept[0]
