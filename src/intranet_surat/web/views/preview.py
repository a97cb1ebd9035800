"""Images of drafts: of a stored version for its readers, and of what somebody is typing for him alone."""

from __future__ import annotations

import re

from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Unknown
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Section
from intranet_surat.services import secrecy
from intranet_surat.web import previews
from intranet_surat.web.negotiation import file
from intranet_surat.web.views.files import number, width


@file(permission="view", context=Letter, name="pratinjau", request_method="GET")
def stored_version(context: Letter, request: Request) -> Response:
    """A page of a version as it would be printed."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    if context.direction != "keluar":
        raise Unknown
    wanted = number(request, "v", context.version)
    fields = context.fields
    if wanted != context.version:
        found = [each for each in context.versions if each.version == wanted]
        if not found:
            raise Unknown
        fields = found[0].fields
    image = previews.of_version(request, context, fields, number(request, "n", 1), width(request))
    return Response(body=image, content_type="image/png")


@file(permission="logged in", context=Section, name="pratinjau", drawer="keluar", request_method="GET")
def typed_text(context: Section, request: Request) -> Response:  # noqa: ARG001  the address is the drawer's
    """A page of a preview that this person has drawn."""
    handle = request.GET.get("berkas", "")
    if not re.fullmatch(r"[0-9a-f]{64}", handle):
        raise Unknown
    image = previews.image(request, handle, number(request, "n", 1), width(request))
    return Response(body=image, content_type="image/png")
