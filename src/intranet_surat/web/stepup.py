"""The password once more, before an act that gives or takes power; which acts ask for it, their views say."""

from __future__ import annotations

from pyramid.request import Request

from intranet_surat.services import accounts
from intranet_surat.web import sent_form

FIELD = "sandi"
"""The field of the form, or the member of the JSON; never carried, logged or shown again."""


def demand(request: Request) -> None:
    """Raise Invalid unless the request carries the password of who is logged in. Raises TooManyAttempts.

    Asked last, when nothing else speaks against the act: who errs elsewhere need not type it twice.
    """
    sent = sent_form.values(request).get(FIELD, "") if sent_form.is_json(request) else sent_form.text(request, FIELD)
    accounts.prove(
        request.site, request.reader.person, str(sent), request.now, address=request.remote_addr or ""
    )  # fmt: skip
