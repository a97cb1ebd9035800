"""What tests of two people at once share: acts without their commit, and a letter that was passed on."""

from __future__ import annotations

from intranet_surat.resources.folder import find, path
from intranet_surat.services import acting

SHEET = {"instruksi": ["tindak-lanjuti"], "batas": "3 working days"}
REPORT = {"isi": "Sudah dikerjakan"}
FIELDS = ["kasi-pmd.kramatwatu", "kasi-trantib.kramatwatu", "sekretaris.kramatwatu"]


def begin(desk, login, item, action, form=None, key=""):
    """Everything of an act but its commit."""
    found = find(desk.site, path(item))
    return acting.act(
        desk.house, desk.tm, desk.site, found, action, form or {}, desk.as_(login), desk.now, key=key or next(desk.keys)
    )


def disposed(desk, *logins):
    letter = desk.register("agendaris.kramatwatu", "KRAMATWATU")
    desk.act("agendaris.kramatwatu", letter, "naikkan")
    desk.act("camat.kramatwatu", letter, "disposisi", {**SHEET, "kepada": [desk.post(each) for each in logins]})
    return letter
