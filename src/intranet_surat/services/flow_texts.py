"""How a draft of a flow begins: the text in force with the next version, or an office's file that extends it."""

from __future__ import annotations

import re

from intranet_surat.resources.site import Office
from intranet_surat.workflow.model import Flow

_VERSION = re.compile(r"^version:[ \t]*[0-9]+", re.MULTILINE)


def next_version(flow: Flow) -> str:
    """What the designer of the flow wrote, with the version one higher."""
    return _VERSION.sub(f"version: {flow.version + 1}", flow.written or flow.text, count=1)


def extending(flow: Flow, office: Office) -> str:
    """An office's file that takes over everything from a flow and changes nothing yet."""
    return "\n".join(
        (
            "flow: surat/1",
            f"id: {flow.id}-{office.slug}",
            "version: 1",
            f"title: {flow.title} {office.short or office.name}",
            f"extends: {flow.id}@{flow.version}",
            "change: []",
            "tests: {include: base}",
            "",
        )
    )


def file_name(flow_id: str) -> str:
    """The name of the file in which a flow would stand."""
    return f"{flow_id.replace('-', '_')}.yaml"
