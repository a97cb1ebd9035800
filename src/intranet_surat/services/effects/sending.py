"""The effects `send` and `notify`: both only write jobs, which leave the house after the commit."""

from __future__ import annotations

from intranet_surat.services import delivery, notices
from intranet_surat.services.house import EffectCall
from intranet_surat.services.itemview import StoredItem, flow_of, setting
from intranet_surat.workflow import cast


def send(call: EffectCall) -> None:
    """One delivery for each addressee and copy."""
    made = delivery.send(call.house, call.site, call.letter, call.now)
    call.facts["sent"] = len(made)


def notify(call: EffectCall) -> None:
    """Tell the positions that the flow names."""
    flow = flow_of(call.house, call.site, call.item)
    view = StoredItem(call.house, call.site, call.item)
    asked = setting(call.house, call.site, call.item, call.now)
    values = call.value if isinstance(call.value, tuple) else (call.value,)
    told = set(cast.of_all(values, flow, view, asked))
    notices.tell(call.house, call.site, call.letter, told, call.now)
