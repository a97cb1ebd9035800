"""The archive of an office: letters that wait to be filed, its case files, and their retention rules."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from intranet_surat.errors import Unknown
from intranet_surat.resources.casefile import CaseFile
from intranet_surat.resources.site import Section, Year
from intranet_surat.web import api, archive_page
from intranet_surat.web.negotiation import data, page

ARCHIVE = "intranet_surat.templates:archive.jinja2"
CASE_FILE = "intranet_surat.templates:case_file.jinja2"


@page(permission="logged in", context=Section, name="", drawer="berkas", request_method="GET", renderer=ARCHIVE)
@page(permission="logged in", context=Year, name="", drawer="berkas", request_method="GET", renderer=ARCHIVE)
def show(context: Any, request: Request) -> dict[str, Any]:
    """What waits to be filed, and the case files in which the reader knows a letter."""
    section = context if isinstance(context, Section) else context.__parent__
    office = section.__parent__
    made = archive_page.build(request.house, request.site, office, request.reader, request.now)
    return {"office": office, "archive": made, "here": request.resource_url(section)}


@data(permission="logged in", context=Section, name="", drawer="berkas", request_method="GET")
@data(permission="logged in", context=Year, name="", drawer="berkas", request_method="GET")
def show_data(context: Any, request: Request) -> dict[str, Any]:
    """The case files for programs."""
    section = context if isinstance(context, Section) else context.__parent__
    made = archive_page.build(request.house, request.site, section.__parent__, request.reader, request.now)
    items = [archive_page.as_json(request, each) for group in made.groups for each in group.files]
    return api.folder(request.resource_url(section), "Archive", f"Arsip {section.__parent__.name}", items)


@page(permission="logged in", context=CaseFile, name="", request_method="GET", renderer=CASE_FILE)
def show_case_file(context: CaseFile, request: Request) -> dict[str, Any]:
    """A case file with the letters in it that the reader may see; Unknown when there is none."""
    seen = case_file(context, request)
    return {
        "file": seen,
        "letters": archive_page.letters(request.house, request.site, context, request.reader, request.now),
        "archive_url": request.resource_url(context.__parent__.__parent__),
        "office": request.site.office(context.office),
    }


@data(permission="logged in", context=CaseFile, name="", request_method="GET")
def case_file_data(context: CaseFile, request: Request) -> dict[str, Any]:
    """The same for programs."""
    seen = case_file(context, request)
    letters = archive_page.letters(request.house, request.site, context, request.reader, request.now)
    items = [{"@id": request.resource_url(each.letter), "title": each.subject, "label": each.label} for each in letters]
    return archive_page.as_json(request, seen) | {"items": items, "items_total": len(items)}


def case_file(context: CaseFile, request: Request) -> archive_page.CaseFileView:
    """The case file as the reader sees it. Raises Unknown when he may see no letter in it."""
    seen = archive_page.view(request.house, request.site, context, request.reader, request.now)
    if seen is None:
        raise Unknown
    return seen
