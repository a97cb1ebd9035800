"""Reading cast, rules, forms and effects of a flow file into the model."""

from __future__ import annotations

from typing import Any

from intranet_surat.workflow import language
from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_reading import NAME, Reading
from intranet_surat.workflow.loader_values import READERS
from intranet_surat.workflow.model import Effect, Field, Form, Rule, Who
from intranet_surat.workflow.nodes import Entry, Node, Pairs, Text, plain

RESERVED_CAST = frozenset(
    {"author", "actor", "level", "office", "item", "letter", "form", "only"}
    | {"role", "position", "head", "superior", "superiors", "staff", "holder", "giver", "actors"}
)
RESERVED_RULES = frozenset({"not", "and", "or", "all", "some", "no", "state", "actor", "is", "in", "else", "true"})

# Which keys of a field belong to which types; a key that its type does not use would be read by nobody.
_BELONGS = {
    "of": ("choice", "choices"),
    "from": ("position", "positions"),
    "at_most": ("deadline",),
    "accept": ("file", "files"),
    "read_code": ("file", "files"),
    "default": ("text", "date", "deadline", "yes-no", "choice"),
}
_NEEDED = {"choice": "of", "choices": "of", "position": "from", "positions": "from"}


def read_cast(reading: Reading, node: Node | None) -> dict[str, Who]:
    """The cast: name -> expression."""
    cast: dict[str, Who] = {}
    for name, key, value in reading.named(node, "'cast'", "pelaku"):
        if name in RESERVED_CAST:
            message = f"{quoted(name)} adalah kata bahasa ini; pilih nama pelaku lain."
            reading.found.add(key.mark, message, rule="name")
            continue
        who = reading.who(value, f"Pelaku '{name}'")
        if who is not None:
            cast[name] = who
    return cast


def read_rules(reading: Reading, node: Node | None) -> dict[str, Rule]:
    """The rules: name -> guard and sentence."""
    rules: dict[str, Rule] = {}
    for name, key, value in reading.named(node, "'rules'", "aturan"):
        if name in RESERVED_RULES:
            message = f"{quoted(name)} adalah kata bahasa ini; pilih nama aturan lain."
            reading.found.add(key.mark, message, rule="name")
            continue
        block = Block.of(reading, value, "rule", f"aturan '{name}'")
        condition = block.take("if") if block is not None else None
        if block is not None and condition is not None:
            text, tree = condition
            rules[name] = Rule(name, text, tree, block.take("says") or "", block.at("if"))
    return rules


def read_forms(reading: Reading, node: Node | None) -> dict[str, Form]:
    """The forms: name -> fields in order."""
    forms: dict[str, Form] = {}
    for name, _, value in reading.named(node, "'forms'", "formulir"):
        fields: dict[str, Field] = {}
        for field, key, inner in reading.named(value, f"Formulir '{name}'", "isian"):
            block = Block.of(reading, inner, "field", f"isian '{field}'")
            if block is not None:
                fields[field] = _field(block, field, key)
        forms[name] = Form(name, fields)
    return forms


def _field(block: Block, name: str, key: Text) -> Field:
    kind = block.take("type") or "text"
    if "type" in block:
        _fits(block, name, kind)
    source = block.take("from")
    at_most = block.take("at_most")
    accept = block.take("accept") or ()
    return Field(
        name=name,
        type=kind,
        title=block.take("title") or "",
        required=block.take("required") or False,
        of=block.take("of"),
        source=source,
        default=_default(block, kind),
        at_most=at_most,
        accept=accept,
        read_code=block.take("read_code") or False,
        mark=key.mark,
    )


def _fits(block: Block, name: str, kind: str) -> None:
    """Keys that the type of the field does not use, and the one it cannot do without."""
    for key, kinds in _BELONGS.items():
        if key in block and kind not in kinds:
            message = f"Isian '{name}' berjenis {kind}; '{key}' hanya untuk {', '.join(kinds)}."
            block.reading.found.add(block.at(key), message, rule="field-key")
    needed = _NEEDED.get(kind)
    if needed is not None and needed not in block:
        message = f"Isian '{name}' berjenis {kind} harus memuat '{needed}'."
        block.reading.found.add(block.mark, message, rule="missing-key")


def _default(block: Block, kind: str) -> Any:
    """The default in the type of its field."""
    node = block.take("default")
    if node is None:
        return None
    reader = {"yes-no": "yes-no", "deadline": "duration"}.get(kind, "text")
    return READERS[reader](block.reading, block.keywords["default"], node)


def read_effects(reading: Reading, nodes: list[Node]) -> tuple[Effect, ...]:
    """The effects of a ``do`` or ``on_enter`` list, in order."""
    read = [_effect(reading, node) for node in nodes]
    return tuple(effect for effect in read if effect is not None)


def _effect(reading: Reading, node: Node) -> Effect | None:
    pairs = reading.pairs(node, "Sebuah akibat")
    if pairs is None:
        return None
    core = language.at("effect")
    runs = list(core if reading.effects is None else reading.effects)
    named = [entry for entry in pairs if entry.key.text in runs or entry.key.text in core]
    if not named and reading.effects is None:
        # Without a world nobody knows which effects plugins add: the first key is taken for one.
        named = [entry for entry in pairs if NAME.fullmatch(entry.key.text)][:1]
        runs += [entry.key.text for entry in named]
    if not named:
        first = next(iter(pairs), None)
        word = first.key.text if first is not None else ""
        mark = first.key.mark if first is not None else pairs.mark
        message = f"Akibat {quoted(word)} tidak dikenal." if first is not None else "Akibat ini kosong."
        reading.found.add(mark, message, rule="unknown-effect", accepted=runs, meant=word)
        return None
    entry = named[0]
    name = entry.key.text
    if name not in runs:
        message = f"Akibat '{name}' dikenal bahasa ini, tetapi tidak dijalankan di pemasangan ini; hapus akibat itu."
        reading.found.add(entry.key.mark, message, rule="not-run", accepted=runs)
        return None
    options = _options(reading, pairs, entry)
    if name not in core:
        return Effect(name, plain(entry.value), options, entry.value.mark)
    value = _set(reading, entry.value) if name == "set" else READERS[core[name].type](reading, core[name], entry.value)
    return None if value is None else Effect(name, value, options, entry.value.mark)


def _set(reading: Reading, node: Node) -> dict[str, str] | None:
    """The value of ``set``: field names and texts."""
    values: dict[str, str] = {}
    if isinstance(node, Pairs) and not node.entries:
        reading.found.add(node.mark, "'set' tidak memuat satu isian pun.", rule="empty")
    for name, _, value in reading.named(node, "'set'", "isian"):
        text = reading.text(value, f"Isi untuk '{name}'")
        if text is not None:
            values[name] = text.text
    return values or None


def _options(reading: Reading, pairs: Pairs, effect: Entry) -> dict[str, Any]:
    """What stands beside the effect's own key."""
    name = effect.key.text
    table = language.at(name) if name in language.at("effect") else {}
    accepted = [*table, *sorted((reading.effects or {}).get(name, frozenset()) - set(table))]
    options: dict[str, Any] = {}
    for entry in pairs:
        key = entry.key.text
        if entry is effect:
            continue
        if key in table:
            options[key] = READERS[table[key].type](reading, table[key], entry.value)
        elif key in accepted or reading.effects is None:
            options[key] = plain(entry.value)
        else:
            message = f"Akibat '{name}' tidak mempunyai pilihan {quoted(key)}; satu butir memuat satu akibat."
            reading.found.add(entry.key.mark, message, rule="unknown-key", accepted=accepted, meant=key)
    return options
