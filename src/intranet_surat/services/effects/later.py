"""Effects that run after the commit: the act writes a job, the worker calls the function, at least once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.site import Site
from intranet_surat.services.house import EffectCall, EffectFunction, House

JOB = "efek"


def postponed(name: str, function: EffectFunction) -> EffectFunction:
    """The effect that writes the job for ``function``, which is found again by ``name`` when it runs."""

    def write_job(call: EffectCall) -> None:
        seq = len(call.letter.history)
        call.site.jobs.add(
            JOB,
            {
                "effect": name,
                "item": path_of(call.item),
                "value": _plain(call.value),
                "options": _plain(call.options),
                "form": {key: _plain(value) for key, value in call.form.items() if not key.startswith("_")},
                "position": call.position,
                "person": call.person,
            },
            key=f"{JOB}:{name}:{call.item.id}:{seq}",
            at=call.now,
        )
        call.facts.setdefault("later", []).append(name)

    write_job.function = function  # type: ignore[attr-defined]
    return write_job


def run_postponed(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: call the function that was registered under the name, in a transaction of its own."""
    effect = house.effects[args["effect"]]
    item = find(site, args["item"])
    call = EffectCall(
        house=house,
        site=site,
        letter=item.letter,
        item=item,
        value=args["value"],
        options=args["options"],
        form=args["form"],
        position=args["position"],
        person=args["person"],
        now=now,
        facts={},
    )
    effect.function(call)  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
