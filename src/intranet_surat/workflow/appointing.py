"""Whom somebody must appoint, or which field must say it, where an expression of the cast names nobody.

What else stands in the way of a deed is turned into remedies in `workflow.remedies`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast
from intranet_surat.workflow.changing import around
from intranet_surat.workflow.model import Who
from intranet_surat.workflow.overlay import over, told
from intranet_surat.workflow.repairs import Gap
from intranet_surat.workflow.view import Make

if TYPE_CHECKING:
    from intranet_surat.workflow.deeds import Case

_OTHER_TOP = "Pilih penanda tangan di atas penyusun surat."


def broken(case: Case, refused: NotAllowed) -> Gap:
    """A state on the way cannot be entered today."""
    if not isinstance(refused, cast.Broken):
        return Gap(refused.message, never=refused.message)
    return lacking(case, refused.lacks, refused.value)._replace(says=refused.message)


def lacking(case: Case, who: Who, value: dict[str, Any] | None = None) -> Gap:
    """Why an expression of the cast names nobody (or too few), and whom somebody must appoint or enter."""
    flow, org, office = case.flow, case.setting.org, case.item.office
    for _ in range(len(flow.cast) + 1):
        if who.op == "name" and who.args[0] in flow.cast:
            who = flow.cast[who.args[0]]
        elif who.op == "holder" and who.args[0].op != "item":
            who = who.args[0]
    if who.op in ("letter", "item", "form") and who.args:
        return _entered(case, who)
    if who.op in ("superior", "staff") and not cast.of_all(
        (who.args[0],), flow, case.item, case.setting, actor=case.actor
    ):
        return lacking(case, who.args[0], value)
    if who.op in ("role", "position", "head", "superior", "staff", "superiors"):
        place = who.args[1] if who.op in ("role", "position") else who.args[0]
        needs = {"office": str(place.args[0]) if place.op == "office" and place.args else office, **(value or {})}
        if who.op in ("superior", "staff"):
            needs["of"] = list(cast.of_all((place,), flow, case.item, case.setting, actor=case.actor))
        elif who.op in ("role", "position"):
            needs[who.op] = who.args[0]
        says = f"Admin kantor harus menunjuk jabatan untuk '{who.text}'."
        if "chain" in needs:
            other = _other_top(case, who)
            if other is not None:
                return other
            below, top = (org.title(each) for each in needs["chain"])
            says = f"{top} harus berada di atas {below}, atau penanda tangan lain dipilih."
        return Gap(make=(Make("position", who.text, needs, says),))
    return Gap(never=f"Tidak ada jabatan yang dimaksud dengan '{who.text}'.")


def _other_top(case: Case, superiors: Who) -> Gap | None:
    """A field that says up to whom the superiors go, and can still say somebody who is above."""
    name = cast.field_of(superiors.args[1], case.flow)
    if name is None:
        return None
    changing = around(case.spot)
    found = [each for each in changing.people(name) if _above(case, superiors, {name: each})]
    if not found:
        return None
    value: dict[str, Any] = {"tests": [{"op": "in", "values": found, "holds": True}], "example": found[0]}
    where = changing.where(("letter", name))
    return Gap(make=(Make("field", f"letter.{name}", value | ({"in": list(where)} if where else {}), _OTHER_TOP),))


def _above(case: Case, superiors: Who, values: Mapping[str, Any]) -> bool:
    try:
        cast.positions(superiors, case.flow, told(over(case.item), values), case.setting)
    except NotAllowed:
        return False
    return True


def _entered(case: Case, who: Who) -> Gap:
    """A field that must say who it is."""
    name = ("letter" if who.op == "item" and case.item.track is None else who.op, *map(str, who.args))
    dotted = ".".join(name)
    changing = around(case.spot)
    possible = [each for each in changing.values(name, ()) if each] if name[0] == "letter" else []
    if not possible:
        return Gap(never=f"'{dotted}' kosong dan tidak dapat diisi lagi.")
    value: dict[str, Any] = {"tests": [{"op": "present", "values": [], "holds": True}], "example": possible[0]}
    where = changing.where(name)
    says = "Jabatannya belum dipilih di surat."
    return Gap(make=(Make("field", dotted, value | ({"in": list(where)} if where else {}), says),))
