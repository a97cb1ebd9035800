"""A package of somebody who can write the database: an act that names other ended signatures, the chain sound again."""

from __future__ import annotations

import json
from typing import Any

from intranet_surat.resources import chain
from intranet_surat.services.proof import archive, form
from intranet_surat.workflow.turns import GIVEN_UP


def forged(package: bytes, action: str, told: Any) -> bytes:
    """The package whose acts of this name tell ``told`` of signatures that they ended; None for nothing at all."""
    files = archive.unpack(package)
    history = [json.loads(each) for each in files[form.HISTORY].decode().splitlines()]
    previous = chain.GENESIS
    for line in history:
        entered, act = line["entered"], line["act"]
        if act["action"] == action:
            values = json.loads(entered["text"])
            values["facts"].pop(GIVEN_UP, None)
            values["facts"].update({GIVEN_UP: told} if told is not None else {})
            entered["text"] = json.dumps(values, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        act |= {
            "prev": previous,
            "payload_digest": chain.payload_digest(bytes.fromhex(entered["salt"]), entered["text"]),
        }
        previous = line["hash"] = chain.digest(act)
    files[form.HISTORY] = form.lines(history)
    files[form.HEAD] = form.dumped(json.loads(files[form.HEAD]) | {"head": previous})
    files.pop(form.ANCHOR, None)
    return archive.pack(files)
