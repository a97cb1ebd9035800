"""In which capacity somebody acts for a position that is not his own, and the sentence why he may not.

Who may do a deed is said by the cast; who stands in for whom, and by which order, by the organisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from intranet_surat.workflow.view import Actor, Capacity, ItemView, Make, Refusal, Remedy, Setting

if TYPE_CHECKING:
    from intranet_surat.workflow.chart import Deed
    from intranet_surat.workflow.model import Flow

LEVELS = {"B": "Biasa", "T": "Terbatas", "R": "Rahasia", "SR": "Sangat rahasia"}
"""The levels of secrecy, lowest first."""
ON_BEHALF = {"an": "a.n.", "ub": "u.b."}
"""The forms of a signature that need the standing order of a higher position."""
SIGN_DEEDS = ("prepare", "sign")
"""The kinds of deeds that are a signature, or part of one."""
READ = frozenset({"signing_form", "signatory", "security"})
"""The fields of the letter on which it depends who may stand in."""
LEVEL = frozenset({"security"})
"""Those on which it depends for all that is no signature."""


def refusal(flow: Flow, deed: Deed, item: ItemView, actor: Actor, setting: Setting) -> Refusal | None:
    """Why this actor may not do the deed in the capacity in which he acts; None when he may.

    Whoever holds the position in his own right may do all that the flow gives it, but sign on behalf of
    another only by order.
    """
    capacity = setting.org.capacity(actor.person, actor.position)
    says = _on_behalf(deed, item, actor, capacity, setting) if deed.kind in SIGN_DEEDS else None
    if capacity is not None and says is None:
        says = next(_against(flow, deed, item, actor, capacity, setting), None)
    if says is None:
        return None
    title = setting.org.title(actor.position)
    holder = Make(
        "holder", actor.position, says=f"{title} sendiri yang melakukannya, atau surat perintahnya diperluas."
    )
    return Refusal(says, Remedy(make=(holder,)))


def _on_behalf(deed: Deed, item: ItemView, actor: Actor, capacity: Capacity | None, setting: Setting) -> str | None:
    """The sentence against a signature in the form a.n. or u.b."""
    fields = item.letter.fields
    form = str(fields.get("signing_form") or "")
    if form not in ON_BEHALF or (deed.kind == "prepare" and actor.position != fields.get("signatory")):
        return None
    title = setting.org.title(actor.position)
    if capacity is not None:
        return f"{capacity.title} {title} tidak dapat menandatangani {ON_BEHALF[form]}: wewenang tidak diteruskan lagi."
    order = setting.org.authority(actor.position, form)
    if order is None:
        return f"{title} belum mempunyai surat perintah untuk menandatangani {ON_BEHALF[form]}"
    level = str(fields.get("security") or "B")
    if setting.org.authority(actor.position, form, item.letter.kind, level) is None:
        return f"Surat ini di luar lingkup surat perintah {order} untuk menandatangani {ON_BEHALF[form]}"
    return None


def _against(
    flow: Flow, deed: Deed, item: ItemView, actor: Actor, capacity: Capacity, setting: Setting
) -> Iterator[str]:
    """All that speaks against it, the flow's reasons first."""
    title = setting.org.title(actor.position)
    acting = capacity.title
    line = next((each for each in flow.absence if each.stand_in in (capacity.kind, "none")), None)
    if line is None or line.stand_in == "none":
        yield f"Alur surat ini tidak menerima {acting}; surat menunggu {title} sendiri."
        return
    sooner = {each.stand_in for each in flow.absence[: flow.absence.index(line)]}
    for person in setting.org.persons(actor.position):
        other = setting.org.capacity(person, actor.position)
        if other is not None and other.kind in sooner:
            yield f"{title} sekarang diwakili {other.title}; {acting} tidak bertindak di sampingnya."
    if line.needs_order and not capacity.order:
        yield f"{acting} {title} memerlukan surat perintah bernomor untuk alur surat ini."
    if not deed.action.stand_in:
        yield f"'{deed.action.title}' hanya dapat dilakukan {title} sendiri, tidak oleh {acting.rstrip('.')}."
    kind = item.letter.kind
    if kind in capacity.never:
        yield "Peraturan, perjanjian, dan keputusan kepegawaian tidak dapat diwakilkan (UU 30/2014 pasal 14)."
    if capacity.kinds is not None and kind not in capacity.kinds:
        yield f"Jenis naskah ini di luar lingkup {_basis(capacity)}."
    level = str(item.letter.fields.get("security") or "B")
    if beyond(level, capacity.ceiling):
        limit = LEVELS.get(capacity.ceiling, capacity.ceiling)
        yield f"Surat bersifat {LEVELS.get(level, level)}; {_basis(capacity)} hanya sampai {limit}."
    if not capacity.signs and deed.kind in SIGN_DEEDS:
        basis = _basis(capacity)
        yield f"{basis[0].upper()}{basis[1:]} tidak memberi wewenang menandatangani."


def covers(capacity: Capacity, kind: str) -> bool:
    """Whether a kind of letter may be touched in a capacity."""
    return kind not in capacity.never and (capacity.kinds is None or kind in capacity.kinds)


def beyond(level: str, ceiling: str) -> bool:
    """Whether a level of secrecy lies above a ceiling; an unknown level counts as the highest."""
    levels = list(LEVELS)
    return (levels.index(level) if level in levels else len(levels)) > levels.index(ceiling)


def _basis(capacity: Capacity) -> str:
    """What he acts by, for a sentence."""
    return f"surat perintah {capacity.order}" if capacity.order else f"penunjukan {capacity.title}"
