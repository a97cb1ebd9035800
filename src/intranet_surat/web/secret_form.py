"""The secret in a form: a passphrase or a one-time code, taken out of what was sent and held nowhere else."""

from __future__ import annotations

from typing import Any

from intranet_surat.errors import Invalid
from intranet_surat.services.providers.base import Capabilities
from intranet_surat.services.secret import MAXIMUM, Secret

FIELD = "frasa"
CODE = "kode"
FIELDS = {FIELD, CODE}
ASK = "Isi frasa sandi tanda tangan Anda."
ASK_CODE = "Isi kode sekali pakai yang dikirim kepada Anda."
LONG = "Frasa sandi terlalu panjang; periksa yang Anda tempelkan."


def given(sent: Any, able: Capabilities) -> Secret:
    """The secret that a provider asks for; an empty one where it asks for none. Raises Invalid."""
    code = _taken(sent, CODE)
    phrase = _taken(sent, FIELD)
    if code:
        return Secret(code, "totp")
    if able.secrets and not phrase:
        raise Invalid({"secret": ASK if "passphrase" in able.secrets else ASK_CODE})
    return Secret(phrase)


def named(wrong: Invalid, able: Capabilities) -> dict[str, str]:
    """The sentences by field of a refusal, that of the secret under the name it has in the form."""
    name = FIELD if "passphrase" in able.secrets else CODE
    return {name if field == "secret" else field: says for field, says in wrong.fields.items()}


def _taken(sent: Any, name: str) -> str:
    """One of them, removed from what was sent; raises Invalid for what cannot be one."""
    value = sent.pop(name, "")
    # Half a character, which only JSON can bring, makes it too long too: no error may tell where it stood.
    if not isinstance(value, str) or len(value.encode(errors="xmlcharrefreplace")) > MAXIMUM or not _whole(value):
        raise Invalid({"secret": LONG})
    return value


def _whole(value: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in value)
