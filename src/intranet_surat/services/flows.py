"""The shelf of flows, files and published ones: which flow a new letter takes, and the text that an old one runs on.

Reading and checking YAML is `workflow.loader`, publishing is `services.publishing`; this module knows where flows
live and pins versions.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from intranet_surat.errors import SuratError
from intranet_surat.resources.flows import REGENCY, Publication
from intranet_surat.resources.letter import FlowRef
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import FlowText, Site
from intranet_surat.workflow.check import LATER, check
from intranet_surat.workflow.findings import Finding
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.world import World


class FlowMismatch(SuratError):
    """The stored text of a flow is not the one its hash names, or two texts claim one version."""


def files(directory: Path) -> Iterator[tuple[str | None, Path]]:
    """The flow files below ``directory`` with the office code of their folder (None: the regency's)."""
    for path in sorted(directory.glob("*.yaml")):
        yield None, path
    for folder in sorted(each for each in directory.iterdir() if each.is_dir()):
        for path in sorted(folder.glob("*.yaml")):
            yield folder.name, path


class FlowShelf:
    """Flows by office, and a cache of compiled texts by hash; safe to share between threads."""

    def __init__(self, flows: Iterable[tuple[str | None, Flow]]) -> None:
        self._by_office: dict[str | None, list[Flow]] = {}
        self._compiled: dict[str, Flow] = {}
        self._lock = threading.Lock()
        for office, flow in flows:
            self._place(office, flow)

    def _place(self, office: str | None, flow: Flow) -> None:
        for other in self.all():
            if (other.id, other.version) == (flow.id, flow.version) and other.hash != flow.hash:
                raise FlowMismatch(
                    f"Alur {flow.id} versi {flow.version} ada dua naskah: {other.hash} di {other.source}, "
                    f"{flow.hash} di {flow.source}. Naikkan versi salah satunya."
                )
        self._by_office.setdefault(office, []).append(flow)
        self._compiled[flow.hash] = flow

    def all(self) -> tuple[Flow, ...]:
        """All flows on the shelf."""
        return tuple(flow for flows in self._by_office.values() for flow in flows)

    def at(self, site: Site, office: str | None) -> tuple[Flow, ...]:
        """The flows in force at a place (None: the regency): of each id the newest, file or published.

        A later release may ship a file with the number of a version that was published here: that one stays.
        """
        newest: dict[str, Flow] = {}
        published = (self.of(site, each) for each in published_at(site, office))
        for flow in (*self._by_office.get(office, ()), *published):
            if flow.id not in newest or newest[flow.id].version <= flow.version:
                newest[flow.id] = flow
        return tuple(newest.values())

    def choose(self, site: Site, office_code: str, direction: str, kind: str) -> Flow:
        """The flow of a new letter: the office's own, then the parent office's, then the regency's.

        Raises SuratError when none applies, FlowMismatch when a published text was altered.
        """
        for place in places(site, office_code):
            flow = self.chosen(site, place, direction, kind)
            if flow is not None:
                return flow
        raise SuratError(f"Belum ada alur untuk naskah {kind!r} di kantor ini. Hubungi perancang alur.")

    def chosen(self, site: Site, office: str | None, direction: str, kind: str) -> Flow | None:
        """The flow that one place has for letters of a kind, if it has any."""
        fitting = [
            flow
            for flow in self.at(site, office)
            if flow.applies.direction == direction and (flow.applies.kinds is None or kind in flow.applies.kinds)
        ]
        # A flow that names the kind is meant for it more than one for the whole direction.
        return max(fitting, key=lambda flow: (flow.applies.kinds is not None, flow.version), default=None)

    def home(self, site: Site, flow_id: str) -> tuple[str | None, Flow] | None:
        """The place where flows of an id are in force (None: the regency), and the newest of them."""
        for office in (*self._by_office, *(each or None for each in site.publications)):
            for flow in self.at(site, office):
                if flow.id == flow_id:
                    return office, flow
        return None

    def bases(self, site: Site) -> Callable[[str, int], Flow | None]:
        """What `workflow.loader` asks for the flow that a text extends: published texts, files, texts in use."""
        named = {(flow.id, flow.version): flow for flow in self.all()}

        def find(flow_id: str, version: int) -> Flow | None:
            for publication in publications(site):
                if (publication.id, publication.version) == (flow_id, version):
                    return replace(self.of(site, publication), base=publication.base, written=publication.written)
            if (flow_id, version) in named:
                return named[flow_id, version]
            ref = self.stored(site, flow_id, version)
            return self.of(site, ref) if ref is not None else None

        return find

    def stored(self, site: Site, flow_id: str, version: int) -> FlowRef | None:
        """Under which hash the text of a version is stored, if it is."""
        for stored_hash, stored in site.flow_texts.items():
            if (stored.id, stored.version) == (flow_id, version):
                return FlowRef(flow_id, version, stored_hash)
        return None

    def pin(self, site: Site, flow: Flow, now: datetime) -> None:
        """Store the flow's text under its hash if it is new, so that its letters keep it for ever.

        Raises FlowMismatch when the same id and version was stored with another text.
        """
        # A version that is published at this moment is the one that the letter must begin with.
        still(site.publications)
        if flow.hash in site.flow_texts:
            return
        self._compare(site, flow)
        site.flow_texts[flow.hash] = FlowText(flow.id, flow.version, flow.text, flow.source, now)

    def of(self, site: Site, ref: Any) -> Flow:
        """The flow that a letter is pinned to; raises FlowMismatch when the stored text was altered."""
        found = self._compiled.get(ref.hash)
        if found is not None:
            return found
        stored = site.flow_texts.get(ref.hash)
        if stored is None or not whole(stored, ref.hash):
            raise FlowMismatch(f"Naskah alur {ref.id} versi {ref.version} tidak utuh. Hubungi pengelola (DKISP).")
        flow = load(stored.text, stored.source)
        with self._lock:
            self._compiled[ref.hash] = flow
        return flow

    def verify(self, site: Site) -> None:
        """Raise FlowMismatch when a stored text was altered, or a file contradicts one; for start-up.

        What was published here goes before a file of the same number and may differ from it.
        """
        for stored_hash, stored in site.flow_texts.items():
            if not whole(stored, stored_hash):
                raise FlowMismatch(f"Naskah alur {stored.id} versi {stored.version} ({stored_hash}) tidak utuh.")
        published = {(each.id, each.version) for each in publications(site)}
        for flow in self.all():
            if (flow.id, flow.version) not in published:
                self._compare(site, flow)

    def _compare(self, site: Site, flow: Flow) -> None:
        """Raise FlowMismatch when the flow's id and version is stored with another text."""
        for stored_hash, stored in site.flow_texts.items():
            if (stored.id, stored.version) == (flow.id, flow.version) and stored_hash != flow.hash:
                raise FlowMismatch(
                    f"Alur {flow.id} versi {flow.version} sudah tersimpan dengan naskah lain: tersimpan {stored_hash}, "
                    f"sekarang {flow.hash} di {flow.source}. Naikkan versinya."
                )


def whole(stored: FlowText, stored_hash: str) -> bool:
    """Whether a stored text is the one that its hash names."""
    return hashlib.sha256(stored.text.encode("utf-8", "surrogatepass")).hexdigest() == stored_hash


def slips(flows: Iterable[Flow], world: World) -> list[Finding]:
    """What would be refused today in flows that are in force: it is told and keeps nobody out."""
    return [each for flow in flows for each in check(flow, world) if each.rule in LATER]


def places(site: Site, office_code: str) -> tuple[str | None, ...]:
    """Where a letter of an office looks for its flow: the office, those above it, the regency (None)."""
    found: list[str | None] = []
    code: str | None = office_code
    while code and code not in found:
        found.append(code)
        office = site.office(code)
        code = office.parent if office is not None else None
    return (*found, None)


def published_at(site: Site, office: str | None) -> tuple[Publication, ...]:
    """What was published for a place (None: the regency), oldest first."""
    found: tuple[Publication, ...] = site.publications.get(office or REGENCY, ())
    return found


def publications(site: Site) -> Iterator[Publication]:
    """Everything that was published, by place, oldest first."""
    for found in site.publications.values():
        yield from found
