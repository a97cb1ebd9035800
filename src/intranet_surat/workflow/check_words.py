"""What rules compare fields with: whether it can ever stand there. A comparison that never holds is a slip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from intranet_surat.workflow.calendar import moment
from intranet_surat.workflow.check_parts import Look, asked_of_nobody, effects, item_forms, machines
from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.rules import Compare, Ref, walk

NEVER_TRUE = "never-true"
"""The rule id of its findings."""
YES_NO = ("yes", "no")
"""How rules call the answers of a field that takes yes or no."""

_MANY = 100  # words that somebody may look through
_READ = "read"  # of an item: when its holder first opened it
_INSTANTS = frozenset({"deadline", "instant"})
_WORDS = frozenset({"choice", "choices"})
_NO_TEXT = frozenset({"file", "files", "body", "rows", "addressees"})
_NO_DATE = frozenset({"yes-no", "position", "positions", "number"}) | _WORDS | _NO_TEXT


class Held(NamedTuple):
    """What a field holds: its type in a form or a kind of letter, and the vocabulary of its words."""

    type: str
    of: str | None = None

    def __str__(self) -> str:
        match self.type:
            case "yes-no":
                return "dijawab ya atau tidak, yang dalam aturan ditulis 'yes' atau 'no'"
            case "choice" | "choices":
                return f"diisi dari daftar kata '{self.of}'"
            case "date":
                return "berisi tanggal, yang ditulis seperti 2026-11-20"
            case "deadline" | "instant":
                return "berisi tanggal dan jam"
            case "number":
                return "berisi angka"
            case "position" | "positions":
                return "berisi jabatan"
            case "file" | "files":
                return "berisi berkas"
            case "text" | "lines":
                return "berisi teks"
            case _:
                return "tidak berisi satu kata"

    @property
    def asked(self) -> str:
        """How a rule asks about what cannot be compared with a word."""
        if self.type in _INSTANTS:
            return " Tanyakan dengan 'before'."
        return " Tanyakan 'is present' atau 'is absent'." if self.type in _NO_TEXT else ""


def check_words(look: Look) -> None:
    """Every comparison of the flow: in its rules, and in what deadlines and promises ask.

    What stands in the flow that it extends was looked at there, for all the letters of that one: an office that takes
    only some of them cannot change it, and it may well hold for the others.
    """
    every = (effect for machine in machines(look.flow) for effect, _ in effects(machine))
    words = _Words(look, frozenset(name for each in every if each.name == "set" for name in each.value))
    for tree in (*(rule.tree for rule in look.flow.rules.values()), *asked_of_nobody(look.flow)):
        for part in walk(tree):
            if isinstance(part, Compare) and part.left.mark.file == look.flow.source:
                words.check(part)


class _Words(NamedTuple):
    """One look at comparisons; ``written`` are the fields of the letter that the flow fills itself."""

    look: Look
    written: frozenset[str]

    def check(self, part: Compare) -> None:
        """A finding for each part of a comparison that makes it false whatever happens."""
        if part.op in ("before", "equals"):
            wrong = _NO_DATE if part.op == "before" else _NO_TEXT
            for ref in (part.left, *(value for value in part.values if isinstance(value, Ref))):
                held = self.held(ref)
                if held and all(each.type in wrong for each in held):
                    message = _sentence(ref, held, f"'{part.op}' tidak pernah terpenuhi")
                    self.look.found.add(ref.mark, message, rule=NEVER_TRUE)
        for value, mark in zip(part.values, part.marks, strict=True):
            if isinstance(value, Ref):
                continue
            held = self.held(part.left)
            if part.op == "before" and moment(value) is None:
                message = f'{quoted(value)} bukan tanggal; tulis seperti "2026-11-20".'
                self.look.found.add(mark, message, rule=NEVER_TRUE)
            elif part.op != "before" and held and not any(self.takes(each, part.op, value) for each in held):
                told = not self.look.found.full
                accepted = list(dict.fromkeys(word for each in held for word in self.words(each))) if told else []
                message = _sentence(part.left, held, f"{quoted(value)} tidak pernah ada di sana")
                self.look.found.add(mark, message, rule=NEVER_TRUE, accepted=accepted, meant=value)

    def held(self, ref: Ref) -> list[Held]:
        """What may stand in a field, by all forms or kinds that have it; nothing when it cannot be known."""
        if len(ref.path) > 1:
            return []
        name, flow = ref.path[0], self.look.flow
        if ref.root == "letter":
            return self._of_letter(name)
        forms = [*flow.forms.values()]
        if ref.root == "item":
            forms = [form for some in item_forms(flow).values() for form in some]
        found = [Held(form.fields[name].type, form.fields[name].of) for form in forms if name in form.fields]
        return [*found, Held("instant")] if ref.root == "item" and name == _READ else found

    def _of_letter(self, name: str) -> list[Held]:
        """What the kinds of letters say of a field, unless the flow itself writes there."""
        known, applies = self.look.world.holds, self.look.flow.applies
        if known is None or name in self.written:
            return []
        kinds = applies.kinds or (applies.direction,)
        return [Held(*known[kind][name]) for kind in kinds if name in known.get(kind, ())]

    def takes(self, held: Held, op: str, word: str) -> bool:
        """Whether what such a field holds can be this word, or stand under it."""
        if held.type == "yes-no":
            return word in YES_NO
        if held.type in _WORDS:
            known = (self.look.world.words or {}).get(held.of or "")
            return known is None or word in known or (op == "under" and word in _above(known))
        if held.type == "date" or held.type in _INSTANTS:
            found = moment(word)
            return found is not None and isinstance(found, datetime) == (held.type != "date")
        return word.isdecimal() if held.type == "number" else held.type not in _NO_TEXT

    def words(self, held: Held) -> Iterator[str]:
        """The words that such a field takes, where they can be counted: of very many codes the topmost."""
        if held.type == "yes-no":
            yield from YES_NO
        elif held.type in _WORDS:
            known = (self.look.world.words or {}).get(held.of or "", frozenset())
            yield from sorted(known if len(known) <= _MANY else (each for each in known if "." not in each))


@lru_cache(maxsize=32)
def _above(words: frozenset[str]) -> frozenset[str]:
    """The codes under which some of these words stand."""
    parts = (word.split(".") for word in words)
    return frozenset(".".join(each[:depth]) for each in parts for depth in range(1, len(each)))


def _sentence(ref: Ref, held: Sequence[Held], never: str) -> str:
    """What the field holds, in each of the forms or kinds that have it; what is therefore never so; what to ask."""
    types = ", atau ".join(dict.fromkeys(str(each) for each in held))
    asked = "".join(dict.fromkeys(each.asked for each in held))
    return f"Isian '{ref.root}.{'.'.join(ref.path)}' {types}; {never}.{asked}"
