"""Reading flows: which one letters take, how it goes in a drawing and in sentences, its file and its versions."""

from __future__ import annotations

from typing import Any

from pyramid.renderers import render_to_response
from pyramid.request import Request

from intranet_surat.errors import Unknown
from intranet_surat.resources.site import Office, Site
from intranet_surat.web import api, flow_json, flow_page
from intranet_surat.web.negotiation import data, page

LIST = "intranet_surat.templates:flows.jinja2"
FLOW = "intranet_surat.templates:flow.jinja2"


@page(permission="logged in", context=Site, name="alur", request_method="GET", renderer=LIST)
@page(permission="logged in", context=Office, name="alur", request_method="GET", renderer=LIST)
def show(context: Any, request: Request) -> Any:
    """The flows of a place; below it, the page of one."""
    if request.subpath:
        return show_one(context, request)
    office = context if isinstance(context, Office) else None
    house, site = request.house, request.site
    return {
        "office": office,
        "flows": flow_page.in_force(house, site, office),
        "drafts": flow_page.drafts(house, site, request.reader, request.now),
        "here": request.resource_url(context, "@@alur"),
    }


def show_one(context: Any, request: Request) -> Any:
    """The page of one flow."""
    office = context.code if isinstance(context, Office) else None
    values = {"seen": asked(context, request), "here": request.resource_url(context, "@@alur"), "office": context}
    values["home"] = home(request, office)
    return render_to_response(FLOW, values, request=request)


def home(request: Request, office: str | None) -> tuple[str, str]:
    """The crumb of the flows of a place, named for it: the navigation leads to those of the reader's own office."""
    found = request.site.office(office) if office else None
    return f"Alur {flow_page.where(request.site, office)}", request.resource_url(found or request.site, "@@alur")


@data(permission="logged in", context=Site, name="alur", request_method="GET")
@data(permission="logged in", context=Office, name="alur", request_method="GET")
def show_data(context: Any, request: Request) -> dict[str, Any]:
    """The same for programs."""
    here = request.resource_url(context, "@@alur")
    if request.subpath:
        return flow_data(asked(context, request), here)
    office = context if isinstance(context, Office) else None
    items = [
        {
            "@id": f"{here}/{each.id}",
            "@type": "Flow",
            "id": each.id,
            "title": each.title,
            "version": each.version,
            "place": each.place,
            "extends": each.base,
        }
        for each in flow_page.in_force(request.house, request.site, office)
    ]
    return api.folder(here, "Flows", "Alur", items)


def flow_data(seen: flow_page.FlowPage, here: str) -> dict[str, Any]:
    """One flow as JSON: its text, its sentences and its versions."""
    return {
        "@id": f"{here}/{seen.flow.id}",
        "@type": "Flow",
        "id": seen.flow.id,
        "title": seen.flow.title,
        "version": seen.flow.version,
        "hash": seen.flow.hash,
        "place": seen.place_name,
        "extends": seen.flow.base,
        "text": seen.flow.text,
        "written": seen.flow.written or seen.flow.text,
        "told": [{"heading": each.heading, "sentences": each.sentences} for each in seen.told],
        "versions": [
            {
                "version": each.version,
                "at": api.instant(each.at),
                "by": each.by,
                "approved": each.approved,
                "why": each.why,
            }
            for each in seen.versions
        ],
        "changes": [flow_json.change(each) for each in seen.changes],
        "applies_to": seen.what,
        "may_write": seen.may_write,
    }


def asked(context: Any, request: Request) -> flow_page.FlowPage:
    """The flow that the address names, in the version that is asked for. Raises Unknown."""
    if len(request.subpath) != 1:
        raise Unknown
    version = request.GET.get("versi", "")
    if version and not (version.isascii() and version.isdecimal() and len(version) < 7):
        raise Unknown
    office = context if isinstance(context, Office) else None
    return flow_page.one(
        request.house, request.site, office, request.subpath[0], int(version) if version else None,
        request.reader, request.now,
    )  # fmt: skip
