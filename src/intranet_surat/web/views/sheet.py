"""The disposition sheet of a letter as a PDF on half folio."""

from __future__ import annotations

import io
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Unknown
from intranet_surat.resources.letter import Letter
from intranet_surat.services import rendering, secrecy
from intranet_surat.web import sheet_page
from intranet_surat.web.negotiation import file
from intranet_surat.web.views.files import attachment


def facts(context: Letter, request: Request) -> Any:
    """What the sheet says. Raises Unknown without full sight, and for a letter without dispositions."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    made = sheet_page.build(request.house, request.site, context, request.reader, request.now)
    if not made.orders:
        raise Unknown
    return made


@file(permission="view", context=Letter, name="lembar", request_method="GET")
def show(context: Letter, request: Request) -> Response:
    """The sheet as a file."""
    pdf = rendering.disposition_sheet(facts(context, request), request.now)
    agenda = context.fields.get("agenda_number") or context.id
    return attachment(io.BytesIO(pdf), len(pdf), "application/pdf", f"lembar-disposisi-{agenda}.pdf")
