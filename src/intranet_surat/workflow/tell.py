"""A flow told in plain Indonesian sentences, for leaders who never read its file.

Everything that the flow decides is told; two flows that tell the same do the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from intranet_surat.workflow import tell_acts
from intranet_surat.workflow.check_parts import machines
from intranet_surat.workflow.model import Absence, Flow, Mark, Move, Opening, Promise
from intranet_surat.workflow.tell_states import StateTeller
from intranet_surat.workflow.tell_words import (
    Piece,
    Sentence,
    condition,
    listed,
    people,
    person,
    place,
    quote,
    sentence,
    time,
    words,
)

__all__ = ["Piece", "Sentence", "tell"]

_STAND_INS = {
    "plh": "pelaksana harian (Plh.)",
    "plt": "pelaksana tugas (Plt.)",
    "substitute": "pengganti yang ditunjuk",
}
_CHANGES = {
    "free": "dengan bebas",
    "narrower": "tetapi hanya menjadi lebih sempit",
    "shorter": "tetapi hanya menjadi lebih singkat",
}


def tell(flow: Flow) -> tuple[Sentence, ...]:
    """The sentences of a flow, in the order in which a letter meets them."""
    return tuple(_all(flow))


def _all(flow: Flow) -> Iterator[Sentence]:
    yield from _head(flow)
    for machine in machines(flow):
        for state in machine.states.values():
            yield from StateTeller(flow, machine.track, state).tell()
    yield from _people(flow)
    yield from _forms(flow)
    yield from _rules(flow)
    yield from _absence(flow)
    for promise in flow.promises:
        yield _promise(flow, promise)
    for opening in flow.open:
        yield _opening(flow, opening)
    for move in flow.migrate:
        yield _move(flow, move)
    if flow.tests:
        pieces = [Piece("jumlah uji", str(len(flow.tests)), f"{len(flow.tests)} uji menyertai alur ini: ")]
        for number, test in enumerate(flow.tests):
            shown = quote(test.name)
            pieces.append(Piece(f"uji {shown}", "", shown if number == 0 else f"; {shown}"))
        yield sentence("Uji", "", ("tests",), pieces, flow.tests[0].mark)


def _plain(part: str, key: tuple[str, ...], name: str, said: str, text: str, mark: Mark | None = None) -> Sentence:
    """A sentence of one fact."""
    return sentence(part, "", key, [Piece(name, said, text)], mark)


def _spoken(says: str) -> str:
    """A sentence of the designer inside one of ours."""
    return quote(says.removesuffix("."))


def _head(flow: Flow) -> Iterator[Sentence]:
    part = "Alur"
    yield _plain(part, ("title",), "judul alur", quote(flow.title), f"nama alur ini {quote(flow.title)}")
    yield _plain(part, ("id",), "pengenal alur", flow.id, f"pengenalnya {flow.id}")
    yield _plain(part, ("version",), "versi", str(flow.version), f"ini versi {flow.version}")
    direction = f"surat {flow.applies.direction}"
    kinds = flow.applies.kinds
    which = direction + (f" berjenis {listed(words(kind) for kind in kinds)}" if kinds is not None else ", semua jenis")
    yield _plain(part, ("applies_to",), "untuk surat", which, f"dipakai untuk {which}")
    if flow.base is not None:
        yield _plain(part, ("extends",), "alur dasar", flow.base, f"disusun di atas alur dasar {flow.base}")
    calendar = flow.calendar
    yield _plain(part, ("calendar",), "kalender", calendar, f"hari dan jam kerja dihitung menurut kalender {calendar}")


def _people(flow: Flow) -> Iterator[Sentence]:
    for name, who in flow.cast.items():
        said = person(who)
        yield _plain(
            "Siapa", ("cast", name), f"arti {quote(words(name))}", said, f"{words(name)} adalah {said}", who.mark
        )


def _forms(flow: Flow) -> Iterator[Sentence]:
    for form in flow.forms.values():
        about = f"formulir {quote(words(form.name))}"
        pieces = [Piece("nama", words(form.name), f"{about} menanyakan ")]
        for number, one in enumerate(form.fields.values()):
            said = tell_acts.field(one)
            pieces.append(Piece(f"isian {quote(words(one.name))}", said, said if number == 0 else f"; {said}"))
        mark = next((one.mark for one in form.fields.values()), None)
        yield sentence("Yang ditanyakan", f"pada {about}", ("forms", form.name), pieces, mark)


def _rules(flow: Flow) -> Iterator[Sentence]:
    for rule in flow.rules.values():
        said = condition(rule.tree, flow)
        pieces = [
            Piece("isi", said, f"syarat {quote(words(rule.name))}: {said}"),
            Piece("kalimat penolakan", _spoken(rule.says), f"; bila tidak, dikatakan {_spoken(rule.says)}"),
        ]
        about = f"syarat {quote(words(rule.name))}"
        yield sentence("Syarat", about, ("rules", rule.name), pieces, rule.mark)


def _absence(flow: Flow) -> Iterator[Sentence]:
    part = "Bila pejabat berhalangan"
    if not flow.absence:
        text = "tidak ada pengganti: hanya pemegang jabatan definitif yang bertindak"
        yield _plain(part, ("absence",), "pengganti", "tidak ada", text)
        return
    yield _plain(
        part, ("absence",), "pengganti", "ada",
        "pengganti boleh melakukan tindakan pejabat yang digantikannya, kecuali yang disebut tidak boleh diwakilkan; "
        "memaraf dan menandatangani hanya bila disebut boleh diwakilkan",
    )  # fmt: skip
    for number, line in enumerate(flow.absence):
        yield _absent(part, number, line)


def _absent(part: str, number: int, line: Absence) -> Sentence:
    if line.stand_in == "none":
        pieces = [Piece("pengganti", "tidak ada", "tanpa pengganti, pekerjaan menunggu pejabatnya")]
    else:
        who = _STAND_INS[line.stand_in]
        order = "dengan surat perintah bernomor" if line.needs_order else "tanpa surat perintah"
        pieces = [Piece("pengganti", who, f"digantikan {who}"), Piece("dasar", order, f", {order}")]
    if line.notify:
        pieces.append(Piece("yang diberi tahu", people(line.notify), f"; {people(line.notify)} diberi tahu"))
    turn = Piece("urutan", str(number + 1), f"pilihan ke-{number + 1}: ")
    return sentence(part, f"pilihan {line.stand_in}", ("absence", line.stand_in), [turn, *pieces], line.mark)


def _promise(flow: Flow, promise: Promise) -> Sentence:
    states = listed((place(flow, None, name) for name in promise.states), "atau")
    if promise.kind == "never":
        text = f"tidak pernah terjadi: {condition(promise.tree, flow)}"
    elif promise.kind == "always_possible":
        text = f"dari mana pun, {states} selalu dapat dicapai"
    else:
        within = time(promise.within) if promise.within is not None else ""
        text = f"bila semua menepati batas, {states} dicapai dalam {within}"
    pieces = [Piece("isi", text, text)]
    if promise.says:
        pieces.append(Piece("kalimat", _spoken(promise.says), f" ({_spoken(promise.says)})"))
    return sentence(
        "Yang dijanjikan",
        f"janji {quote(promise.text)}",
        ("promises", promise.kind, promise.text),
        pieces,
        promise.mark,
    )


_PATHS = {
    "*": "apa pun",
    "states": "keadaan",
    "tracks": "jalur",
    "actions": "tindakan",
    "forms": "formulir",
    "rules": "syarat",
    "cast": "pelaku",
    "to": "tujuan",
    "title": "judul",
    "deadline": "batas",
    "within": "lamanya",
    "remind": "pengingat",
    "escalate": "eskalasi",
    "of": "daftar pilihan",
    "at_most": "batas terbesar",
    "see": "pembaca",
    "by": "siapa yang boleh",
    "route": "paraf",
    "sign": "tanda tangan",
    "levels": "tingkat",
    "default": "isi awal",
}


def _opening(flow: Flow, opening: Opening) -> Sentence:
    part, key = "Yang boleh diubah perangkat daerah", ("open", *opening.path, *(opening.between or ()))
    if opening.between is not None:
        first, last = (place(flow, None, name) for name in opening.between)
        text = f"keadaan baru boleh disisipkan antara {first} dan {last}"
        return sentence(part, "", key, [Piece("sisipan", text, text)], opening.mark)
    path = " › ".join(_PATHS.get(name, words(name)) for name in opening.path)
    how = _CHANGES[opening.change]
    return sentence(part, path, key, [Piece("kelonggaran", how, f"{path}: boleh diubah, {how}")], opening.mark)


def _move(flow: Flow, move: Move) -> Sentence:
    pieces = [Piece("dari", str(move.source), f"surat dari versi {move.source} dipindahkan ke versi ini")]
    ways = [f"{words(old)} menjadi {place(flow, None, new)}" for old, new in move.states.items()]
    for track, states in move.tracks.items():
        ways += [
            f"{words(old)} menjadi {place(flow, track, new)} (jalur {words(track)})" for old, new in states.items()
        ]
    if ways:
        pieces.append(Piece("keadaan", listed(ways), f": {listed(ways)}"))
    if move.restart:
        again = listed(place(flow, None, name) for name in move.restart)
        pieces.append(Piece("dimulai lagi", again, f"; {again} dimulai dari awal"))
    about = f"pindahan dari versi {move.source}"
    return sentence("Pindahan dari versi lama", about, ("migrate", str(move.source)), pieces, move.mark)
