"""The effect `set`: writes values named by the flow into the letter's fields."""

from __future__ import annotations

from intranet_surat.services.house import EffectCall


def set_fields(call: EffectCall) -> None:
    """Set fields of the letter as the flow says; ``form.x`` takes what was entered."""
    values = {}
    for name, value in dict(call.value).items():
        if isinstance(value, str) and value.startswith("form."):
            values[name] = call.form.get(value.removeprefix("form."))
        else:
            values[name] = value
    call.letter.fields = {**call.letter.fields, **values}
    call.facts.setdefault("set", {}).update(values)
