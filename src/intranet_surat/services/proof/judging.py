"""Judges a package offline: names what was touched, and what the flow did not allow. Nothing is fetched or stored.

Three values, as for signatures: ``sah``, ``tidak`` when something was changed or was not allowed, ``belum`` when
what would be needed is missing: an anchor, an authority, a flow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.services.proof import acts, archive, form, papers
from intranet_surat.services.proof.archive import BrokenError
from intranet_surat.services.proof.findings import Finding, Overall, belum, tidak


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a package. ``told`` is what it says of itself, empty when it cannot be read."""

    overall: Overall
    findings: tuple[Finding, ...]
    told: Mapping[str, Any]
    signatures: tuple[Mapping[str, Any], ...] = ()


def judge(data: bytes, roots: Sequence[bytes], now: datetime) -> Report:
    """The verdict on the package ``data``, with the authorities that the judge trusts (PEM or DER)."""
    try:
        files = archive.unpack(data)
        head = _json(files, form.HEAD)
        if not isinstance(head, dict) or head.get("format") != form.FORMAT:
            raise BrokenError(form.HEAD, f"Bukan paket berbentuk {form.FORMAT}.")
    except BrokenError as error:
        return Report("tidak", (tidak(error.where, error.says),), {})
    found: list[Finding] = []
    signatures: list[Mapping[str, Any]] = []
    try:
        found += _listed(files, head)
        history = acts.read(files)
        found += acts.chain(history, head)
        flows, wrong = acts.flows(files, history)
        found += wrong
        found += acts.allowed(files, head, history, flows)
        signed, judged = papers.judge(files, head, history, roots, now)
        found += signed
        signatures += judged
        found += papers.anchored(files, history, roots)
    except BrokenError as error:
        found.append(tidak(error.where, error.says))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        # A package of another shape: what was found so far stands, and the rest could not be asked.
        found.append(tidak(form.HEAD, f"Isi paket tidak berbentuk seperti yang dijanjikan ({type(error).__name__})."))
    overall: Overall = "sah"
    if any(each.overall == "tidak" for each in found):
        overall = "tidak"
    elif found:
        overall = "belum"
    return Report(overall, tuple(found), head, tuple(signatures))


def _listed(files: Mapping[str, bytes], head: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether each file of the letter is there under its hash, and nothing besides."""
    known = {form.HEAD, form.README, form.HISTORY, form.WITNESS, form.ANCHOR, form.ROOTS}
    named = {str(each["name"]) for each in head["files"].values()}
    for name in sorted(files):
        if name not in known and name not in named and not name.startswith(form.FLOWS):
            yield tidak(name, "Berkas ini tidak terdaftar di paket.json.")
    for sha256, told in sorted(head["files"].items()):
        name = str(told["name"])
        if name not in files:
            yield tidak(name, "Berkas ini terdaftar di paket.json, tetapi tidak ada di dalam paket.")
            continue
        data = files[name][: int(told["size"])] if told.get("begins") else files[name]
        if hashlib.sha256(data).hexdigest() != sha256:
            yield tidak(name, "Isi berkas ini tidak cocok dengan sidik jarinya.")
    for name in (form.HISTORY, form.WITNESS):
        if name not in files:
            yield tidak(name, "Bagian wajib ini tidak ada di dalam paket.")
    if form.ANCHOR not in files:
        yield belum(form.ANCHOR, "Riwayat ini belum dijangkarkan: jangkar dibuat setiap malam.")


def _json(files: Mapping[str, bytes], name: str) -> Any:
    if name not in files:
        raise BrokenError(name, "Bagian wajib ini tidak ada di dalam paket.")
    try:
        return json.loads(files[name])
    except ValueError:
        raise BrokenError(name, "Bagian ini tidak dapat dibaca sebagai JSON.") from None
