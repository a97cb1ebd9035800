"""What `surat flow explain` prints of an answer."""

from __future__ import annotations

from types import SimpleNamespace

from intranet_surat.cli.flow import explaining
from intranet_surat.services.explaining import Explained
from intranet_surat.workflow.explain import Explanation
from intranet_surat.workflow.view import Actor, Make, Remedy

ORG = SimpleNamespace(title=str.upper)


def lines(remedy: Remedy | None, *, allowed: bool = False) -> list[str]:
    told = Explanation("kirim", "Kirim", "action", "konsep", True, allowed, "" if allowed else "Belum.", remedy)
    return list(explaining._lines((Explained(Actor("o", "p"), told),), ORG))


def test_what_is_allowed_is_told_with_the_position():
    assert lines(None, allowed=True) == ["kirim: may be done, for P"]


def test_a_remedy_is_told_line_by_line():
    way = Make("state", "paraf", [{"action": "ajukan", "title": "Ajukan", "as": ["a"], "state": "konsep"}], "x")
    remedy = Remedy(("a", "b"), make=(Make("field", "letter.scan", {}, "Unggah."), way))
    assert lines(remedy) == [
        "kirim: Belum.",
        "  as: A, B",
        "  make: field letter.scan: Unggah.",
        "  make: state paraf by ajukan",
    ]


def test_what_nothing_helps_says_so():
    assert lines(Remedy(never="Sudah berakhir.")) == ["kirim: Belum.", "  never: Sudah berakhir."]
