"""Acts told in sentences: who may do what, on which condition, what is asked, and what follows.

Initials, signatures and deadlines are told in `workflow.tell_states`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intranet_surat.workflow.model import Action, Duration, Effect, Field, Flow, Who
from intranet_surat.workflow.model_words import SEAL_BESIDES, WET
from intranet_surat.workflow.tell_words import Piece, condition, listed, people, person, place, quote, time, words

_FIXED = {
    ("number", "void"): "nomor yang dipesan dibatalkan",
    ("signed", WET): "surat dinyatakan bertanda tangan basah",
    ("freeze", "file"): "berkas dibekukan",
    ("freeze", "scan"): "hasil pindai dibekukan",
    ("archive", "by-classification"): "surat diberkaskan menurut klasifikasinya",
    (SEAL_BESIDES, "instansi"): "berkas disegel secara elektronik oleh instansi",
    ("send", "addressees"): "surat dikirim ke tujuan dan tembusannya",
}
_VALUED = {
    "number": "nomor diambil dari deret {0}",
    "pdf": "PDF dibuat dari templat {0}",
    "archive": "surat diberkaskan menurut {0}",
    "send": "surat dikirim ke {0}",
}
_OPTIONS = {"code": "dengan kode QR cetakan"}


def effect(one: Effect) -> str:
    """What an effect does."""
    if one.name == "notify":
        said = f"{people(one.value)} diberi tahu"
    elif one.name == "set":
        changed = listed(f"{quote(words(name))} menjadi {value}" for name, value in one.value.items())
        said = f"isian surat diubah: {changed}"
    else:
        said = _FIXED.get((one.name, one.value)) or _VALUED[one.name].format(words(one.value))
    return " ".join([said, *(_OPTIONS[name] for name, value in one.options.items() if value)])


def effects(found: Iterable[Effect]) -> str:
    """What several effects do, in their order."""
    return listed(effect(one) for one in found)


def action(flow: Flow, track: str | None, one: Action, *, by: tuple[Who, ...], stand_in: bool) -> Iterator[Piece]:
    """The pieces of the sentence about one act; ``stand_in`` is whether stand-ins may do it when nothing is said."""
    who = people(by, "atau")
    yield Piece("pelaku", who, f"{who} dapat memilih ")
    yield Piece("judul", quote(one.title), quote(one.title))
    for rule in one.needs:
        said = condition(flow.rules[rule].tree, flow, track)
        text = f", asal {said}" if rule == one.needs[0] else f", dan {said}"
        yield Piece(f"syarat {quote(words(rule))}", said, text)
    yield from after(flow, track, one, stand_in=stand_in)


def after(flow: Flow, track: str | None, one: Action, *, stand_in: bool, stays: str = "") -> Iterator[Piece]:
    """What is asked at an act and what follows it."""
    if one.ask is not None:
        yield Piece("formulir", quote(words(one.ask)), f", dengan mengisi formulir {quote(words(one.ask))}")
    if one.entered_by:
        who = people(one.entered_by, "atau")
        text = f"; bila ditulis di kertas, {who} dapat memasukkannya, dengan pindaian"
        yield Piece("pemasuk dari kertas", who, text)
    if one.do:
        yield Piece("akibat", effects(one.do), f"; {effects(one.do)}")
    if one.fan_out is not None:
        form = flow.forms.get(one.ask or "")
        field = form.fields.get(one.fan_out.per) if form is not None else None
        per = (field.title if field is not None else "") or words(one.fan_out.per)
        text = f"satu {words(one.fan_out.track)} untuk tiap {quote(per)}"
        yield Piece("yang dibuat", text, f"; dibuat {text}")
    if one.to is not None:
        yield Piece("tujuan", place(flow, track, one.to), f"; lalu ke {place(flow, track, one.to)}")
    else:
        yield Piece("tujuan", "tetap di keadaan ini", stays or "; keadaan tidak berubah")
    if one.stand_in != stand_in:
        yield stand_in_piece(may=one.stand_in)


def stand_in_piece(*, may: bool) -> Piece:
    """That stand-ins may do an act, or may not, where this is not what is usual."""
    said = "boleh diwakilkan" if may else "tidak boleh diwakilkan"
    return Piece("wakil", said, f"; {said}")


_TYPES = {
    "text": "teks",
    "date": "tanggal",
    "deadline": "batas waktu",
    "yes-no": "ya atau tidak",
    "choice": "satu pilihan",
    "choices": "beberapa pilihan",
    "position": "satu jabatan",
    "positions": "beberapa jabatan",
    "file": "satu berkas",
    "files": "beberapa berkas",
}


def field(one: Field) -> str:
    """A field of a form, with all that is asked of it."""
    facts = [_TYPES[one.type]]
    if one.of is not None:
        facts.append(f"dari daftar {words(one.of)}")
    if isinstance(one.source, Who):
        facts.append(f"dari {person(one.source)}")
    elif one.source is not None:
        facts.append(f"dari isian {quote(words(one.source))}")
    if one.accept:
        facts.append(f"berupa {listed(one.accept, 'atau')}")
    if one.read_code:
        facts.append("kode QR-nya dibaca")
    if one.default is not None:
        facts.append(f"bila kosong {_default(one.default)}")
    if one.at_most is not None:
        facts.append(f"paling lama {time(one.at_most)}")
    facts.append("wajib" if one.required else "boleh kosong")
    return f"{quote(one.title or words(one.name))} ({', '.join(facts)})"


def _default(value: object) -> str:
    if isinstance(value, Duration):
        return time(value)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value)
