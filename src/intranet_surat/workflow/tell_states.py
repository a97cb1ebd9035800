"""States told in sentences: what waits there, for whom and how long, and how it ends.

Single acts are told in `workflow.tell_acts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intranet_surat.workflow import durations, tell_acts
from intranet_surat.workflow.model import Deadline, Flow, Gather, Mark, Route, Sign, State, Who
from intranet_surat.workflow.model_words import PADES, SEAL
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
    signatories,
    time,
    title,
    words,
)

METHODS = {
    PADES: "tanda tangan elektronik di berkas PDF (PAdES)",
    SEAL: "segel elektronik instansi di berkas PDF (PAdES), tanpa tanda tangan pejabat",
}
_OUTCOMES = {"done": "hasil: selesai", "returned": "hasil: dikembalikan", "withdrawn": "hasil: ditarik"}
_UNTIL = {"all": "semua berakhir", "any": "satu selesai", "most": "lebih dari separuh selesai"}
_CHANGED = {
    "continue at changer": "paraf di tingkat bawah tetap berlaku, yang setingkat dengan pengubah diulang",
    "restart at bottom": "semua paraf diulang dari bawah",
    "keep": "semua paraf tetap berlaku",
}


class StateTeller:
    """Tells one state of a letter or of a track."""

    def __init__(self, flow: Flow, track: str | None, state: State) -> None:
        self.flow = flow
        self.track = track
        self.state = state
        shown = place(flow, track, state.name)
        self.here = shown if track is None else f"{shown} (jalur {words(track)})"
        self.part = f"Keadaan {shown}" if track is None else f"Jalur {words(track)}: keadaan {shown}"
        base = ("states",) if track is None else ("tracks", track, "states")
        self.key = (*base, state.name)
        self.noun = "surat" if track is None else words(track)

    def tell(self) -> Iterator[Sentence]:
        """All sentences about the state."""
        state = self.state
        yield self._line((), f"keadaan {self.here}", self._what(), state.mark)
        if state.on_enter:
            said = tell_acts.effects(state.on_enter)
            yield self._one("on_enter", "akibat saat masuk", said, f"begitu {self.noun} masuk ke sini, {said}")
        if state.edit:
            who = people(state.edit)
            yield self._one("edit", "pengubah naskah", who, f"naskah boleh diubah oleh {who}")
        yield from self._see()
        if state.deadline is not None:
            yield from self._deadline(state.deadline, ("deadline",), f"di {self.here}")
        if state.choose:
            yield self._line(("choose",), f"di {self.here}", self._choose(), state.mark)
        if state.route is not None:
            yield from self._route(state.route)
        if state.sign is not None:
            yield from self._sign(state.sign)
        if state.gather is not None:
            yield self._line(("gather",), f"di {self.here}", self._gather(state.gather), state.gather.mark)
        for action in state.actions.values():
            pieces = tell_acts.action(self.flow, self.track, action, by=action.by, stand_in=True)
            yield self._line(("actions", action.name), f"{quote(action.title)} di {self.here}", pieces, action.mark)

    def _line(self, key: tuple[str, ...], about: str, pieces: Iterator[Piece], mark: Mark | None) -> Sentence:
        return sentence(self.part, about, (*self.key, *key), pieces, mark or self.state.mark)

    def _one(self, key: str, name: str, said: str, text: str) -> Sentence:
        return self._line((key,), f"di {self.here}", iter([Piece(name, said, text)]), self.state.mark)

    def _what(self) -> Iterator[Piece]:
        state = self.state
        said = [text for text, yes in (("bermula", state.start), ("berakhir", state.final)) if yes]
        if not state.final:
            said.append(self._waits())
        yield Piece("judul", quote(title(state)), f"di {quote(title(state))} {self.noun} ")
        yield Piece("sifat", listed(said), listed(said))
        if state.outcome is not None:
            yield Piece("hasil", _OUTCOMES[state.outcome], f", {_OUTCOMES[state.outcome]}")

    def _waits(self) -> str:
        """For whom or what it waits here."""
        state = self.state
        if state.choose:
            return "tidak berhenti"
        if state.route is not None:
            return "menunggu paraf"
        if state.sign is not None:
            it = "segel atas tindakan" if state.sign.method == SEAL else "tanda tangan"
            return f"menunggu {it} {signatories(state.sign)}"
        if state.gather is not None:
            return f"menunggu {words(state.gather.track)} di bawahnya"
        first = next(iter(state.actions.values()), None)
        return f"menunggu {people(first.by, 'atau')}" if first is not None else "diam"

    def _see(self) -> Iterator[Sentence]:
        see = self.state.see
        if see.only:
            who = f"hanya {people(see.who)}" if see.who else "tidak seorang pun"
            text = f"selain yang dapat bertindak di sini, {who} yang membaca; yang pernah bertindak tidak lagi"
            yield self._one("see", "pembaca", who, text)
        elif see.who:
            yield self._one("see", "pembaca", people(see.who), f"turut membaca: {people(see.who)}")

    def _deadline(self, deadline: Deadline, key: tuple[str, ...], where: str) -> Iterator[Sentence]:
        within = time(deadline.within)
        pieces = iter([Piece("batas", within, f"batasnya {within}")])
        yield self._line(key, where, pieces, deadline.mark)
        for number, remind in enumerate(deadline.remind):
            when = "saat batas tiba" if remind.before is None else f"{time(remind.before)} sebelum batas"
            found = [
                Piece("penerima pengingat", self._told(remind.who), f"{self._told(remind.who)} diingatkan "),
                Piece("saat pengingat", when, when),
            ]
            yield self._line((*key, "remind", str(number)), where, iter(found), remind.mark)
        if deadline.escalate is not None:
            one = deadline.escalate
            who = self._told(one.to)
            do = "diberi tahu" if one.do == "notify" else "mengambil alih pekerjaan ini"
            found = [
                Piece("tenggang eskalasi", time(one.after), f"bila lewat batas {time(one.after)}, "),
                Piece("tujuan eskalasi", who, who),
                Piece("cara eskalasi", do, f" {do}"),
            ]
            yield self._line((*key, "escalate"), where, iter(found), one.mark)
        if deadline.paused_while is not None:
            said = condition(deadline.paused_while, self.flow, self.track)
            found = [Piece("jeda batas", said, f"selama {said}, batas ini tidak berjalan")]
            yield self._line((*key, "paused_while"), where, iter(found), deadline.mark)

    def _choose(self) -> Iterator[Piece]:
        yield Piece("cara", "otomatis", "tidak ada yang menunggu di sini: ")
        for number, branch in enumerate(self.state.choose):
            to = place(self.flow, self.track, branch.to)
            if branch.when is None:
                said = f"selain itu ke {to}"
            else:
                said = f"bila {condition(self.flow.rules[branch.when].tree, self.flow, self.track)} ke {to}"
            yield Piece(f"cabang ke-{number + 1}", said, said if number == 0 else f"; {said}")

    def _gather(self, gather: Gather) -> Iterator[Piece]:
        until = f"{words(gather.track)} di bawahnya sampai {_UNTIL[gather.until]}"
        yield Piece("yang ditunggu", until, f"{self.noun} menunggu {until}")
        done = place(self.flow, self.track, gather.done)
        returned = place(self.flow, self.track, gather.returned)
        yield Piece("tujuan bila ada yang selesai", done, f"; bila ada yang selesai ke {done}")
        yield Piece("tujuan bila tidak ada yang selesai", returned, f", bila tidak satu pun selesai ke {returned}")

    def _route(self, route: Route) -> Iterator[Sentence]:
        where = f"{quote(route.title)} di {self.here}"
        yield self._line(("route",), where, self._initials(route), route.mark)
        if route.deadline is not None:
            yield from self._deadline(route.deadline, ("route", "deadline"), f"tiap tingkat paraf di {self.here}")
        if route.reject is not None:
            pieces = [Piece("pelaku", "pemaraf yang sedang bergilir", "pemaraf yang sedang bergilir dapat memilih ")]
            pieces.append(Piece("judul", quote(route.reject.title), quote(route.reject.title)))
            pieces += tell_acts.after(self.flow, self.track, route.reject, stand_in=route.reject.stand_in)
            about = f"{quote(route.reject.title)} di {self.here}"
            yield self._line(("route", "reject"), about, iter(pieces), route.mark)

    def _initials(self, route: Route) -> Iterator[Piece]:
        yield Piece("judul", quote(route.title), f"{quote(route.title)} diberikan berjenjang dari bawah oleh ")
        if isinstance(route.levels, Who):
            yield Piece("tingkat paraf", person(route.levels), person(route.levels))
        else:
            needs = {"all": "semua", "any": "salah seorang"}
            levels = [f"{person(level.who)} ({needs.get(level.need, f'{level.need} orang')})" for level in route.levels]
            yield Piece("tingkat paraf", ", lalu ".join(levels), ", lalu ".join(levels))
        if route.at_most is not None:
            said = f"{route.at_most} tingkat teratas"
            yield Piece("jumlah tingkat", said, f", paling banyak {said}")
        if route.edit:
            yield Piece("perbaikan", "pemaraf boleh memperbaiki naskah", "; pemaraf boleh memperbaiki naskah")
        changed = _CHANGED[route.if_file_changes]
        yield Piece("bila naskah berubah", changed, f"; bila naskah berubah, {changed}")
        done = place(self.flow, self.track, route.done)
        yield Piece("tujuan", done, f"; setelah paraf terakhir ke {done}")
        if route.stand_in:
            yield tell_acts.stand_in_piece(may=True)

    def _sign(self, sign: Sign) -> Iterator[Sentence]:
        about = f"{quote(sign.title)} di {self.here}"
        yield self._line(("sign",), about, self._signature(sign), sign.mark)
        prepare = sign.prepare
        pieces = tell_acts.action(self.flow, self.track, prepare, by=prepare.by or sign.by, stand_in=prepare.stand_in)
        kept = [piece for piece in pieces if piece.name != "tujuan"]
        passed = "disegel" if sign.method == SEAL else "ditandatangani"
        kept.append(Piece("urutan", "lebih dulu", f"; baru sesudah itu dapat {passed}"))
        if sign.in_turn:
            said = "hanya oleh yang pertama, sebelum ia menandatangani"
            kept.append(Piece("giliran", said, f"; {said}"))
        yield self._line(("sign", "prepare"), f"{quote(prepare.title)} di {self.here}", iter(kept), sign.mark)
        if sign.reject is not None:
            reject = sign.reject
            refused = tell_acts.action(self.flow, self.track, reject, by=reject.by or sign.by, stand_in=reject.stand_in)
            said = "hanya oleh yang mendapat giliran"
            turn = (Piece("giliran", said, f"; {said}"),) if sign.in_turn else ()
            yield self._line(
                ("sign", "reject"), f"{quote(reject.title)} di {self.here}", iter((*refused, *turn)), sign.mark
            )
        if sign.unavailable is not None:
            who, after = people(sign.unavailable.notify), durations.text(sign.unavailable.after)
            told = [
                Piece(
                    "penyedia padam",
                    f"{who}, sesudah {after}",
                    f"bila penyedianya padam, sesudah {after} {who} diberi tahu",
                )
            ]
            yield self._line(("sign", "unavailable"), f"di {self.here}", iter(told), sign.mark)
        if sign.end_of is not None:
            at = {"day": "akhir hari"}.get(sign.end_of, sign.end_of)
            fate = {"keep": "nomornya tetap dipesan", "void": "nomornya dibatalkan"}.get(sign.number_at_end or "", "")
            late = [Piece("nomor yang tidak dipakai", f"{at}, {fate}", f"bila belum {passed} pada {at}, {fate}")]
            yield self._line(("sign", "unsigned_at"), f"di {self.here}", iter(late), sign.mark)

    def _told(self, whos: Iterable[Who]) -> str:
        """Who is told of a limit: whose turn it is may initial here, or sign."""
        return people(whos, signing=self.state.sign is not None and self.state.sign.in_turn)

    def _signature(self, sign: Sign) -> Iterator[Piece]:
        who = signatories(sign)
        yield Piece("penanda tangan", who, f"{who} dapat memilih ")
        yield Piece("judul", quote(sign.title), quote(sign.title))
        if sign.in_turn:
            said = "bergiliran menurut urutan, semuanya pada berkas yang sama"
            yield Piece("giliran", said, f" {said}")
        method = METHODS.get(sign.method, sign.method)
        yield Piece("cara", method, f", dengan {method}")
        if sign.batch:
            together = "boleh bersama surat lain" + ("" if sign.method == SEAL else ", dengan satu frasa sandi")
            yield Piece("bersama", together, f"; {together}")
        done = place(self.flow, self.track, sign.done)
        after = "setelah tanda tangan terakhir terbukti sah" if sign.in_turn else "setelah terbukti sah"
        yield Piece("tujuan", done, f"; {after} ke {done}")
        if sign.stand_in:
            yield tell_acts.stand_in_piece(may=True)
