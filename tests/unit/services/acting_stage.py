"""The phrases of `kasus_wakil.md`: circumstances, what somebody does, and the sentence that he reads then.

Each phrase is one function over a `Scene`; the table is read by `test_acting_cases`.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime
from typing import Any

from signing_stage import sign

from intranet_surat.errors import Invalid, NotAllowed, Unknown
from intranet_surat.resources.people import Holding
from intranet_surat.services import absences, accounts, handover, letter_pdf, mandates, search, secrecy
from intranet_surat.services.flows import FlowShelf
from intranet_surat.services.itemview import StoredItem, flow_of, org_at, setting
from intranet_surat.services.mandate_rules import Order
from intranet_surat.workflow import engine
from intranet_surat.workflow.loader import load

OFFICE = "dinkes"
NAMES = {"kadis": "kepala", "kabid": "kabid-kesmas", "kasi": "kasi-kesmas", "staf": "staf-kesmas", "admin": "kasubag-umum",
         "tata usaha": "tata-usaha", "kabid lain": "kabid-p2p"}  # fmt: skip
ELSEWHERE = {"sekda": "sekda.setda", "bupati": "bupati.kdh", "asisten": "asisten-1.setda", "admin setda": "kasubag-tu.setda",
             "camat": "camat.kramatwatu", "sekcam": "sekretaris.kramatwatu", "kasi pmd": "kasi-pmd.kramatwatu",
             "kasi trantib": "kasi-trantib.kramatwatu", "admin kecamatan": "kasubag-umum.kramatwatu",
             "agendaris kecamatan": "agendaris.kramatwatu", "wakil bupati": "wakil.kdh"}  # fmt: skip
LEVELS = {"Biasa": "B", "Terbatas": "T", "Rahasia": "R", "Sangat rahasia": "SR"}
MONTHS = {
    "Agu": 8,
    "Sep": 9,
    "Okt": 10,
    "Nov": 11,
    "Des": 12,
    "Jan": 1,
    "Feb": 2,
    "Mar": 3,
    "Apr": 4,
    "Mei": 5,
    "Jun": 6,
}
KINDS = {"undangan": "undangan", "surat dinas": "surat-dinas", "surat keterangan": "surat-keterangan"}
SHEET = {"instruksi": ["tindak-lanjuti"], "batas": "3 working days"}
REASON = {"alasan": "Perlu diperbaiki"}


class Scene:
    """One row of the table at work: the desk, the letter that it is about, the mandate spoken of last."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.letter: Any = None
        self.mandate: Any = None

    @property
    def site(self) -> Any:
        return self.desk.site

    @property
    def org(self) -> Any:
        return org_at(self.desk.house, self.site, self.desk.now)

    def login(self, name: str) -> str:
        name = name.strip()
        return ELSEWHERE.get(name) or f"{NAMES.get(name, name)}.{OFFICE}"

    def post(self, name: str) -> Any:
        code, _, office = self.login(name).partition(".")
        known = {"setda": "SETDA", "kdh": "KDH", "dinkes": "DINKES", "kramatwatu": "KRAMATWATU"}[office]
        return next(each for each in self.site.positions.of_office(known) if each.code == code)

    def person(self, name: str) -> str:
        return self.site.people.login(self.login(name)).id

    def reader(self, name: str) -> Any:
        person = self.site.people[self.person(name)]
        if not accounts.positions(self.site, person.id, self.desk.house.today(self.desk.now), self.org):
            raise Unknown  # he cannot even come in
        return self.desk.as_(self.login(name))

    def order(self, form: str, position: str, deputy: str, since: date, until: date | None, **more: Any) -> Order:
        return Order(
            form=form,
            position=self.post(position).id,
            deputy=self.post(deputy).id,
            person=self.person(deputy) if form.startswith("Pl") else "",
            number=more.pop("number", "800/12/2026"),
            dated=date(2026, 8, 1),
            since=since,
            until=until,
            **more,
        )

    def propose(self, who: str, order: Order) -> None:
        self.mandate = mandates.propose(
            self.desk.house, self.site, order, self.reader(who), self.desk.now, upload=self.desk.upload("attachment")
        )
        self.desk.commit()

    def confirm(self, who: str) -> None:
        mandates.confirm(self.desk.house, self.site, self.mandate, self.reader(who), self.desk.now)
        self.desk.commit()

    def act(self, who: str, item: Any, action: str, form: Any = None) -> str:
        """Do it, and tell how the history has it."""
        item = self.desk.again(item)
        self.desk.act(self.login(who), item, action, form)
        self.letter = self.desk.again(self.letter)
        return written(next(each for each in reversed(list(self.letter.history)) if each.action == action))


def written(act: Any) -> str:
    """How an act stands in the history: who, in which capacity, by which order."""
    title = mandates.acted_as(act.capacity, act.who["title"])
    return f"Tercatat: {title}{f', {act.order}' if act.order else ''}."


def day(text: str) -> date:
    """``27 Nov`` of 2026, from January of 2027."""
    number, month = text.split()
    return date(2027 if MONTHS[month] < 8 else 2026, MONTHS[month], int(number))


# ---- circumstances -------------------------------------------------------------------------------------------


def confirmed(scene: Scene, form: str, position: str, deputy: str, since: str, until: str, scope: str | None) -> None:
    """An order that somebody registered and another one confirmed, on the day on which it begins or earlier."""
    more: dict[str, Any] = {}
    for part in filter(None, (scope or "").split(", ")):
        if part.startswith("sampai "):
            more["ceiling"] = LEVELS[part.removeprefix("sampai ")]
        elif part == "tanpa tanda tangan":
            more["signs"] = False
        else:
            more["kinds"] = frozenset({KINDS[part.removeprefix("hanya ")]})
    today = scene.desk.now
    first = day(since)
    if first < scene.desk.house.today(today):
        scene.desk.clock.now = datetime(first.year, first.month, first.day, 2, tzinfo=UTC)
        scene.desk.commit()
    admin, above = {
        "sekda": ("admin setda", "bupati"), "kadis": ("admin", "sekda"), "camat": ("admin kecamatan", "sekda"),
        "kasi pmd": ("admin kecamatan", "camat"),
    }.get(position, ("admin", "kadis"))  # fmt: skip
    scene.propose(admin, scene.order(form, position, deputy, first, day(until), **more))
    scene.confirm(above)
    scene.desk.clock.now = today
    scene.desk.commit()


def behalf(scene: Scene, form: str, position: str, deputy: str) -> None:
    kind = {"a.n.": "an", "u.b.": "ub", "pengganti tetap": "pengganti"}[form]
    signs = {"signs": False, "number": ""} if kind == "pengganti" else {}
    order = scene.order(kind, position, deputy, scene.desk.now.date(), None, **signs)
    scene.propose(position, order)
    scene.confirm("bupati" if position == "sekda" else "sekda" if position in ("kadis", "camat") else "kadis")


def vacant(scene: Scene, position: str) -> None:
    post = scene.post(position)
    post.holders = tuple(dataclasses.replace(each, until=date(2026, 8, 1)) for each in post.holders)
    scene.desk.commit()


def on_leave(scene: Scene, who: str, since: str, until: str) -> None:
    absences.leave(
        scene.desk.house, scene.site, scene.post(who), day(since), day(until), "cuti", scene.reader(who), scene.desk.now
    )
    scene.desk.commit()


def also_holds(scene: Scene, who: str, position: str) -> None:
    post = scene.post(position)
    post.holders = tuple(dataclasses.replace(each, until=date(2026, 8, 1)) for each in post.holders)
    scene.site.positions.hold(post, Holding(scene.person(who), date(2026, 8, 1)))
    scene.desk.commit()


def old_holding(scene: Scene, who: str, capacity: str, position: str) -> None:
    """As it was imported, with no number of an order."""
    vacant(scene, position)
    scene.site.positions.hold(scene.post(position), Holding(scene.person(who), date(2026, 10, 1), capacity=capacity))
    scene.desk.commit()


def incoming(scene: Scene, level: str, addressee: str | None) -> None:
    fields = {"addressee": scene.post(addressee).id} if addressee else {}
    scene.letter = scene.desk.register("agendaris.kramatwatu", "KRAMATWATU", security=LEVELS[level], **fields)
    scene.act("agendaris kecamatan", scene.letter, "naikkan")


def outgoing(scene: Scene, kind: str, author: str, where: str, signatory: str | None, form: str | None) -> None:
    """A letter of the Dinas as far as ``where``: draft, initials, or before the signatory."""
    fields = {"signing_form": {"a.n.": "an", "u.b.": "ub"}[form]} if form else {}
    more = {"event_date": "2026-12-01", "event_time": "09.00", "event_place": "Aula"} if kind == "undangan" else {}
    chosen = scene.post(signatory or "kadis").id
    scene.letter = scene.desk.draft(scene.login(author), "DINKES", KINDS[kind], signatory=chosen, **fields, **more)
    if where == "konsep":
        return
    scene.act(author, scene.letter, "ajukan")
    if where == "paraf":
        return
    for who in ("kasi", "kabid", "sekretaris"):
        if "paraf" in scene.desk.titles(scene.login(who), scene.letter):
            scene.act(who, scene.letter, "paraf")
    scene.act("tata usaha", scene.letter, "lulus")


def initialled(scene: Scene, who: str) -> None:
    scene.act(who, scene.letter, "paraf")


def prepared(scene: Scene, who: str) -> None:
    scene.act(who, scene.letter, "siapkan")


def disposed(scene: Scene, giver: str, receiver: str) -> None:
    scene.act(giver, scene.letter, "disposisi", {**SHEET, "kepada": [scene.post(receiver).id]})


def flow_says(scene: Scene, what: str) -> None:
    """The shipped flows with one of their words changed."""
    old, new = {
        "tanda tangan tidak diwakilkan": (
            "      stand_in: true                      # penjabat menandatangani",
            "      #",
        ),
        "paraf tidak diwakilkan": ("      stand_in: true                      # penjabat memaraf", "      #"),
        "disposisi tidak diwakilkan": ("by: pimpinan, entered_by: agendaris,", "by: pimpinan, stand_in: false,"),
        "hanya Plt.": ("  - {stand_in: plh, needs_order: true}\n", ""),
        "tanpa wakil": ("  - {stand_in: plh, needs_order: true}\n  - {stand_in: plt, needs_order: true}\n", ""),
        "boleh tanpa surat perintah": ("needs_order: true", "needs_order: false"),
        "menerima pengganti": ("  - {stand_in: plt,", "  - {stand_in: substitute}\n  - {stand_in: plt,"),
    }[what]
    house = scene.desk.house
    changed = []
    for flow in house.flows.all():
        text = flow.text.replace(old, new).replace(f"version: {flow.version}\n", "version: 90\n", 1)
        office = flow.source.split("/")[-2] if flow.source.split("/")[-2].isupper() else None
        changed.append((office, load(text, flow.source, house.world)))
    scene.desk.house = dataclasses.replace(house, flows=FlowShelf(changed))


def strategic(scene: Scene, kind: str) -> None:
    house = scene.desk.house
    kinds = {**house.kinds, KINDS[kind]: dataclasses.replace(house.kinds[KINDS[kind]], strategic=True)}
    scene.desk.house = dataclasses.replace(house, kinds=kinds)


def revoked(scene: Scene, who: str) -> None:
    mandates.revoke(scene.desk.house, scene.site, scene.mandate, scene.reader(who), "Tidak perlu lagi", scene.desk.now)
    scene.desk.commit()


def returned(scene: Scene, who: str) -> None:
    absences.come_back(scene.desk.house, scene.site, scene.post(who), scene.reader(who), scene.desk.now)
    scene.desk.commit()


def proposed(scene: Scene, form: str, position: str, deputy: str, since: str, until: str, who: str) -> None:
    scene.propose(who, scene.order(form, position, deputy, day(since), day(until)))


def handed_over(scene: Scene, position: str, to: str, who: str) -> None:
    wish = handover.Wish(scene.person(to), "", "821.2/44/2026", scene.desk.house.today(scene.desk.now))
    changed(scene, position, wish, who)


def closed(scene: Scene, position: str, successor: str, who: str) -> None:
    wish = handover.Wish("", scene.post(successor).id, "", scene.desk.house.today(scene.desk.now))
    changed(scene, position, wish, who)


def changed(scene: Scene, position: str, wish: handover.Wish, who: str) -> None:
    """One asks; another of those who keep the post confirms."""
    house, site, post, now = scene.desk.house, scene.site, scene.post(position), scene.desk.now
    handover.ask(house, site, post, wish, scene.reader(who), now)
    today = house.today(now)
    people = {each for one in mandates.registrars(scene.org, post.id) for each in scene.org.owners(one)}
    readers = (
        accounts.seated(site, each, held, held[0], today)
        for each in sorted(people)
        if (held := accounts.positions(site, each, today))
    )
    second = next(each for each in readers if handover.may_confirm(scene.org, each, post))
    handover.confirm(house, site, post, second, now)
    scene.desk.commit()


def today_is(scene: Scene, text: str) -> None:
    on = day(text)
    scene.desk.clock.now = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    scene.desk.commit()


_POST = r"([a-z ]+?)"
_DAY = r"(\d+ [A-Z][a-z]{2})"
_OUTGOING = (
    rf"(surat dinas|undangan|surat keterangan) dari {_POST} di (konsep|paraf|tanda tangan)"
    rf"(?:, penanda tangan {_POST})?(?:, bentuk (a\.n\.|u\.b\.))?"
)
CIRCUMSTANCES = (
    (rf"(Plh\.|Plt\.) {_POST}: {_POST}, {_DAY} s\.d\. {_DAY}(?: \((.+)\))?", confirmed),
    (rf"(a\.n\.|u\.b\.|pengganti tetap) {_POST}: {_POST}", behalf),
    (rf"diusulkan (Plh\.|Plt\.) {_POST}: {_POST}, {_DAY} s\.d\. {_DAY}, oleh {_POST}", proposed),
    (rf"jabatan {_POST} kosong", vacant),
    (rf"{_POST} cuti {_DAY} s\.d\. {_DAY}", on_leave),
    (rf"{_POST} juga memegang jabatan {_POST}", also_holds),
    (rf"{_POST} tercatat (Plt\.|Plh\.) {_POST} tanpa nomor", old_holding),
    (rf"surat masuk (Biasa|Terbatas|Rahasia|Sangat rahasia)(?: untuk {_POST})?", incoming),
    (_OUTGOING, outgoing),
    (rf"sudah diparaf {_POST}", initialled),
    (rf"sudah disiapkan {_POST}", prepared),
    (rf"sudah didisposisi {_POST} kepada {_POST}", disposed),
    (r"alur: (.+)", flow_says),
    (r"(surat keterangan|undangan) tergolong strategis", strategic),
    (rf"dicabut {_POST}", revoked),
    (rf"{_POST} kembali bertugas", returned),
    (rf"jabatan {_POST} diserahkan kepada {_POST} oleh {_POST}", handed_over),
    (rf"jabatan {_POST} dihapus, dilanjutkan {_POST}, oleh {_POST}", closed),
    (rf"hari ini {_DAY}", today_is),
)  # fmt: skip


# ---- what somebody does, and what he reads -------------------------------------------------------------------


def disposes(scene: Scene, who: str, receiver: str) -> str:
    return scene.act(who, scene.letter, "disposisi", {**SHEET, "kepada": [scene.post(receiver).id]})


def does(action: str, form: Any = None) -> Any:
    return lambda scene, who: scene.act(who, scene.letter, action, form)


def on_disposition(action: str, form: Any = None) -> Any:
    return lambda scene, who: scene.act(who, scene.letter.dispositions()[0], action, form)


def opens(scene: Scene, who: str) -> str:
    seen = secrecy.sight(scene.desk.house, scene.site, scene.letter, scene.reader(who), scene.desk.now)
    if seen == "none":
        raise Unknown
    return f"Terlihat: {secrecy.subject(scene.letter, seen)}."


def looks_at_desk(scene: Scene, who: str, position: str) -> str:
    reader = dataclasses.replace(scene.reader(who), position=scene.post(position).id)
    if reader.position not in reader.positions:
        raise Unknown
    waiting = search.counts(scene.site, reader)["waiting"]
    return f"{waiting} surat menunggu, {len(search.closed(scene.site, reader))} bukan untuk wakil."


def proposes(scene: Scene, who: str, form: str, position: str, deputy: str, since: str, until: str) -> str:
    scene.propose(who, scene.order(form, position, deputy, day(since), day(until)))
    return f"Keadaan: {mandates.STATES[scene.mandate.state(scene.desk.house.today(scene.desk.now))]}."


def gives_behalf(scene: Scene, who: str, form: str, position: str, deputy: str) -> str:
    kind = {"a.n.": "an", "u.b.": "ub"}[form]
    scene.propose(who, scene.order(kind, position, deputy, scene.desk.now.date(), None))
    return f"Keadaan: {mandates.STATES[scene.mandate.state(scene.desk.house.today(scene.desk.now))]}."


def confirms(scene: Scene, who: str) -> str:
    scene.confirm(who)
    return f"Keadaan: {mandates.STATES[scene.mandate.state(scene.desk.house.today(scene.desk.now))]}."


def writes(scene: Scene, who: str, form: str, signatory: str) -> str:
    outgoing(scene, "surat dinas", who, "konsep", signatory, form)
    return "Konsep tersimpan."


def prints(scene: Scene, who: str) -> str:
    facts = letter_pdf.facts(
        scene.desk.house, scene.site, scene.letter, scene.desk.now, method="draft", person=scene.person(who)
    )
    nip = "dengan NIP" if facts.signatory.nip else "tanpa NIP"
    return f"Tercetak: {' / '.join(facts.signatory.lines)} {nip}."


def signs(scene: Scene, who: str) -> str:
    sign(scene.desk, scene.letter, login=scene.login(who))
    scene.letter = scene.desk.again(scene.letter)
    return written(next(each for each in reversed(list(scene.letter.history)) if each.action == "tanda_tangani"))


def waits(scene: Scene, who: str) -> str:
    """What the page of the letter says to one who waits for those whose turn it is."""
    house, site, letter, now = scene.desk.house, scene.site, scene.letter, scene.desk.now
    secrecy.demand(house, site, letter, scene.reader(who), now)
    asked = setting(house, site, letter, now)
    waiting = engine.waits_for(flow_of(house, site, letter), StoredItem(house, site, letter), asked)
    titles = ", ".join(scene.org.title(each) for each in waiting)
    return " ".join(absences.waiting_says(scene.org, waiting)) or f"Menunggu {titles}."


def reads_memo(scene: Scene, who: str, position: str) -> str:
    memo = handover.memo(scene.desk.house, scene.site, scene.post(position).id, scene.reader(who), scene.desk.now)
    return f"{len(memo.rows)} surat menunggu, {memo.hidden} tidak ditampilkan."


DEEDS = (
    (rf"mendisposisi kepada {_POST}", disposes),
    (r"membuka surat", opens),
    (rf"melihat meja {_POST}", looks_at_desk),
    (r"memaraf", does("paraf")),
    (r"mengembalikan konsep", does("kembalikan", REASON)),
    (r"menyiapkan tanda tangan", does("siapkan")),
    (r"menandatangani", signs),
    (r"mencukupkan surat", does("cukup_diketahui")),
    (r"menarik disposisi", on_disposition("tarik")),
    (r"melapor selesai", on_disposition("selesaikan", {"isi": "Sudah dikerjakan"})),
    (rf"mengusulkan (Plh\.|Plt\.) {_POST}: {_POST}, {_DAY} s\.d\. {_DAY}", proposes),
    (rf"memberi wewenang (a\.n\.|u\.b\.) {_POST}: {_POST}", gives_behalf),
    (r"mengesahkan", confirms),
    (rf"menulis surat bentuk (a\.n\.|u\.b\.) untuk {_POST}", writes),
    (r"mencetak blok tanda tangan", prints),
    (r"melihat siapa yang ditunggu", waits),
    (rf"membuka memo serah terima {_POST}", reads_memo),
)


def set_up(scene: Scene, text: str) -> None:
    """All circumstances of a cell, in order."""
    for phrase in filter(None, (each.strip() for each in text.split(";"))):
        _said(CIRCUMSTANCES, phrase)(scene)


def result(scene: Scene, who: str, deed: str) -> tuple[str, str]:
    """How it came out, and the sentence."""
    try:
        return "boleh", _said(DEEDS, deed)(scene, who)
    except NotAllowed as refused:
        return "ditolak", refused.message
    except Invalid as wrong:
        return "ditolak", " ".join(wrong.fields.values()) or wrong.message
    except Unknown:
        return "tidak ada", "Halaman ini tidak ada, atau bukan untuk jabatan Anda."
    finally:
        scene.desk.tm.abort()
        scene.desk.tm.begin()


def _said(phrases: Any, text: str) -> Any:
    for pattern, function in phrases:
        found = re.fullmatch(pattern, text)
        if found is not None:
            said = found.groups()
            return lambda *args: function(*args, *said)
    raise AssertionError(f"the table says what nothing understands: {text!r}")
