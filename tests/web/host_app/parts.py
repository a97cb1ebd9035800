"""What else the host adds: effects, a renderer, a provider of signatures, an archive, a notice board, an old database."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf

from intranet_surat.kinds import common
from intranet_surat.kinds.model import LetterKind
from intranet_surat.resources.evolution import Step
from intranet_surat.services.providers.pkcs12 import DEMO, Pkcs12Provider

PENGUMUMAN = LetterKind(
    id="pengumuman",
    title="Pengumuman",
    direction="keluar",
    group="khusus",
    template="lembar-pengumuman",
    number_pattern="{no}/PENG/{year}",
    fields=(*common.HEAD, common.BODY, *common.OUTGOING_SYSTEM),
)

told: list[tuple[str, ...]] = []
"""What left the house: the broadcasts, the notices on the board, and what the provider was asked."""


def stamp(call):
    """The effect ``cap``: inside the act, so it writes the letter and nothing else."""
    call.letter.fields = {**call.letter.fields, "stamp": f"{call.value} {call.now:%Y}"}
    call.facts["stamp"] = call.value


def broadcast(call):
    """The effect ``siarkan``: after the commit, so it may speak to others."""
    told.append(("siaran", str(call.value), call.letter.fields["number"], call.item.state))


def render(facts, now):
    """The paper of an announcement: a page without typst."""
    made = pikepdf.Pdf.new()
    made.add_blank_page(page_size=(300, 420))
    made.docinfo["/Title"] = f"{facts.title} {facts.number}: {facts.subject} ({now:%Y})"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class Counter:
    """A provider of signatures: the keys of the demo, and a note of each time it was asked."""

    id, title, capabilities = "loket", "Loket tanda tangan", DEMO
    keys = Path()

    def status(self, signer, now):
        return Pkcs12Provider(self.keys).status(signer, now)

    def sign(self, pdf, signer, secret, *, reason, location, now, field=""):
        told.append(("tanda tangan", signer.name, reason))
        mine = Pkcs12Provider(self.keys)
        return mine.sign(pdf, signer, secret, reason=reason, location=location, now=now, field=field)


PROVIDER = Counter()


def keep(house, site, letter, case_file, now):
    """The archive target ``depo``: inside the transaction, so it writes a job and does not send."""
    site.jobs.add("depo", {"letter": letter.id, "file": case_file.id}, key=f"depo:{letter.id}", at=now)


def deliver(house, site, args, now):
    """The job ``depo``: after the commit, so it may speak to others."""
    told.append(("depo", args["file"]))


def pin(house, notice):
    """The notice channel ``papan``."""
    told.append(("kabar", notice.title, notice.url))


def run(site):
    """The evolution step: every office of this regency has the host's telephone number."""
    for office in site.offices():
        office.phone = office.phone or "0254-1"


STEP = Step("host-telepon", run)
