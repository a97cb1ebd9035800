"""The shelf of flows: which flow a new letter takes, and the stored text that an old one runs on.

Reading and checking YAML is `workflow.loader`; this module knows where flows live and pins versions.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from intranet_surat.errors import SuratError
from intranet_surat.resources.site import FlowText, Site
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow


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

    def choose(self, site: Site, office_code: str, direction: str, kind: str) -> Flow:
        """The flow of a new letter: the office's own file, then the parent office's, then the regency's.

        Raises SuratError when none applies.
        """
        places: list[str | None] = []
        code: str | None = office_code
        while code and code not in places:
            places.append(code)
            office = site.office(code)
            code = office.parent if office is not None else None
        for place in (*places, None):
            fitting = [
                flow
                for flow in self._by_office.get(place, ())
                if flow.applies.direction == direction and (flow.applies.kinds is None or kind in flow.applies.kinds)
            ]
            if fitting:
                # A flow that names the kind is meant for it more than one for the whole direction.
                return max(fitting, key=lambda flow: (flow.applies.kinds is not None, flow.version))
        raise SuratError(f"Belum ada alur untuk naskah {kind!r} di kantor ini. Hubungi perancang alur.")

    def pin(self, site: Site, flow: Flow, now: datetime) -> None:
        """Store the flow's text under its hash if it is new, so that its letters keep it for ever.

        Raises FlowMismatch when the same id and version was stored with another text.
        """
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
        if stored is None or hashlib.sha256(stored.text.encode()).hexdigest() != ref.hash:
            raise FlowMismatch(f"Naskah alur {ref.id} versi {ref.version} tidak utuh. Hubungi pengelola (DKISP).")
        flow = load(stored.text, stored.source)
        with self._lock:
            self._compiled[ref.hash] = flow
        return flow

    def verify(self, site: Site) -> None:
        """Raise FlowMismatch when a flow on the shelf contradicts a stored text; asked at start-up."""
        for flow in self.all():
            self._compare(site, flow)

    def _compare(self, site: Site, flow: Flow) -> None:
        """Raise FlowMismatch when the flow's id and version is stored with another text."""
        for stored_hash, stored in site.flow_texts.items():
            if (stored.id, stored.version) == (flow.id, flow.version) and stored_hash != flow.hash:
                raise FlowMismatch(
                    f"Alur {flow.id} versi {flow.version} sudah tersimpan dengan naskah lain: tersimpan {stored_hash}, "
                    f"sekarang {flow.hash} di {flow.source}. Naikkan versinya."
                )
