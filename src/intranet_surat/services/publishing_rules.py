"""What speaks against publishing a sound flow at a place, and what its designer should know; findings with their line.

The mistakes inside a file are the loader's; the proofs as a whole are `services.publishing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from intranet_surat.resources.site import Site
from intranet_surat.services import letters
from intranet_surat.services.flows import places
from intranet_surat.services.house import House
from intranet_surat.services.itemview import setting_for
from intranet_surat.services.migrating import Plan, Stuck
from intranet_surat.workflow import cast, nodes
from intranet_surat.workflow.check_parts import Places
from intranet_surat.workflow.findings import Finding
from intranet_surat.workflow.model import Flow, Mark, Who
from intranet_surat.workflow.moving import place as move_place
from intranet_surat.workflow.moving import unknown_names
from intranet_surat.workflow.view import Setting

MOST_NAMED = 20
"""So many letters are named in one finding; the dry run lists them all."""
_OF_A_LETTER = frozenset({"letter", "item", "form", "author", "actor", "level", "giver", "actors", "holder"})


@dataclass(frozen=True, slots=True)
class Lack:
    """A cast name that means nobody in an office."""

    office: str
    name: str
    mark: Mark


def look(
    house: House, site: Site, flow: Flow, office: str | None, plan: Plan
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Reasons against publishing, and warnings."""
    at = Places(nodes.marks(flow.written or flow.text, flow.source))
    against = (
        *_place(house, site, flow, office, at),
        *_version(house, site, flow, at),
        *_moves(house, site, flow, plan),
    )
    return tuple(against), (*_warnings(house, site, flow, at), *_lost(plan))


def _place(house: House, site: Site, flow: Flow, office: str | None, at: Places) -> Iterator[Finding]:
    found = site.office(office) if office is not None else None
    if office is not None and (found is None or not found.active):
        yield Finding(at.value("id"), f"Kantor {office} tidak ada atau tidak aktif.", rule="office")
        return
    home = house.flows.home(site, flow.id)
    if home is not None and home[0] != office:
        whose = f"kantor {home[0]}" if home[0] is not None else "kabupaten"
        message = f"Alur '{flow.id}' milik {whose}; beri alur ini id lain."
        yield Finding(at.value("id"), message, rule="place")
        return
    for kind in flow.applies.kinds or ("",):
        other = house.flows.chosen(site, office, flow.applies.direction, kind)
        if other is not None and other.id != flow.id and not _before(flow, other):
            what = f"jenis '{kind}'" if kind else f"surat {flow.applies.direction}"
            message = (
                f"Alur ini tidak akan pernah dipakai: {what} di sini mengikuti '{other.id}' versi {other.version}. "
                "Terbitkan versi baru alur itu, atau naikkan versi alur ini."
            )
            yield Finding(at.key("applies_to"), message, rule="applies-to")


def _before(flow: Flow, other: Flow) -> bool:
    """Whether a new letter takes ``flow`` before ``other``, as the shelf chooses."""
    mine, theirs = (each.applies.kinds is not None for each in (flow, other))
    return (mine, flow.version) > (theirs, other.version)


def _version(house: House, site: Site, flow: Flow, at: Places) -> Iterator[Finding]:
    mark = at.value("version")
    known = house.flows.bases(site)(flow.id, flow.version)
    home = house.flows.home(site, flow.id)
    if known is not None and known.hash != flow.hash:
        message = (
            f"{flow.id} versi {flow.version} sudah tersimpan dengan naskah lain: tersimpan {known.hash}, "
            f"naskah ini {flow.hash}. Naikkan versinya."
        )
        yield Finding(mark, message, rule="version")
    elif home is not None and flow.version <= home[1].version:
        message = f"Versi harus lebih dari {home[1].version}, yang sekarang berlaku; ditemukan {flow.version}."
        yield Finding(mark, message, rule="version")


def _moves(house: House, site: Site, flow: Flow, plan: Plan) -> Iterator[Finding]:
    known = house.flows.bases(site)
    for move in flow.migrate:
        old = known(flow.id, move.source)
        if old is None:
            message = f"{flow.id} versi {move.source} belum pernah ada, jadi tidak ada surat yang pindah dari sana."
            yield Finding(move_place(move, flow), message, rule="migrate")
        else:
            for message in unknown_names(old, move):
                yield Finding(move_place(move, flow), message, rule="migrate")
    for mark, why, count, names in _grouped(plan.stranded):
        yield Finding(mark, f"{count} surat akan terdampar: {why}. Surat: {names}.", rule="stranded")


def _lost(plan: Plan) -> Iterator[Finding]:
    for mark, why, count, names in _grouped(plan.lost):
        message = f"{count} surat {why} dan tetap di versi lamanya; minta DKISP memulihkannya. Surat: {names}."
        yield Finding(mark, message, rule="lost")


def _grouped(some: Iterable[Stuck]) -> Iterator[tuple[Mark, str, int, str]]:
    """What keeps letters, with its line, how many it keeps, and their names."""
    groups: dict[tuple[Mark, str], list[str]] = {}
    for each in some:
        groups.setdefault((each.mark, each.why), []).append(each.letter)
    for (mark, why), names in groups.items():
        more = f", dan {len(names) - MOST_NAMED} lagi" if len(names) > MOST_NAMED else ""
        yield mark, why, len(names), ", ".join(names[:MOST_NAMED]) + more


def _warnings(house: House, site: Site, flow: Flow, at: Places) -> Iterator[Finding]:
    if flow.base is not None:
        base, _, version = flow.base.partition("@")
        newest = house.flows.home(site, base)
        if newest is not None and newest[1].version > int(version):
            message = f"'{flow.base}' sudah digantikan versi {newest[1].version}; naskah ini masih di atas yang lama."
            yield Finding(at.value("extends"), message, rule="old-base")
    named = {move.source for move in flow.migrate}
    for stored_hash, stored in site.flow_texts.items():
        if stored.id == flow.id and stored.version not in named and stored_hash != flow.hash:
            waiting = len({where.split("/d-")[0] for where in site.running.of(stored_hash)})
            if waiting:
                message = (
                    f"{waiting} surat yang sedang berjalan tetap memakai versi {stored.version}. Bila harus ikut versi "
                    f"ini, tambahkan 'migrate: [{{from: {stored.version}}}]'; bila tidak, biarkan."
                )
                yield Finding(at.value("version"), message, rule="stays")


def lacking(house: House, site: Site, flow: Flow, office: str | None, now: datetime) -> tuple[Lack, ...]:
    """The cast names that mean nobody, for each office whose letters would take the flow."""
    asked = setting_for(house, site, flow, now)
    fixed = [(name, who) for name, who in flow.cast.items() if not _of_a_letter(who, flow)]
    return tuple(
        Lack(code, name, who.mark or Mark(flow.source, 1, 1))
        for code in takers(house, site, flow, office)
        for name, who in fixed
        if not _anybody(who, flow, code, asked)
    )


def takers(house: House, site: Site, flow: Flow, office: str | None) -> Iterator[str]:
    """The codes of the active offices whose letters would take the flow: none nearer to them has one."""
    kinds = flow.applies.kinds or ("",)
    for each in site.offices():
        if not each.active or each.head is None:
            continue
        way = places(site, each.code)
        nearer = way[: way.index(office)] if office in way else None
        if nearer is not None and any(
            all(house.flows.chosen(site, place, flow.applies.direction, kind) is None for place in nearer)
            for kind in kinds
        ):
            yield each.code


def _of_a_letter(who: Who, flow: Flow, depth: int = 0) -> bool:
    """Whether whom an expression means depends on the letter, and not on the office alone."""
    for part in cast.parts(who):
        if part.op in _OF_A_LETTER:
            return True
        inner = flow.cast.get(part.args[0]) if part.op == "name" else None
        if part.op == "name" and (inner is None or depth > len(flow.cast) or _of_a_letter(inner, flow, depth + 1)):
            return True
    return False


def _anybody(who: Who, flow: Flow, office: str, asked: Setting) -> bool:
    blank = letters.Draft("", office, "", {})
    return bool(cast.of_all((who,), flow, blank, asked))
