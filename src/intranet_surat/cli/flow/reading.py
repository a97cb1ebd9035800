"""Flow files for the verbs of `surat flow`: which are shipped, what they may name, and their findings in the shell."""

from __future__ import annotations

from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING

from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from intranet_surat.workflow.model import Flow
    from intranet_surat.workflow.world import World


def shipped() -> list[Path]:
    """The flow files of the package, the regency's first."""
    folder = Path(str(package_files("intranet_surat.workflows")))
    return [*sorted(folder.glob("*.yaml")), *sorted(folder.glob("*/*.yaml"))]


def world() -> World:
    """What flows may name when no host application adds to it."""
    from intranet_surat import building
    from intranet_surat.kinds.registry import SHIPPED as KINDS
    from intranet_surat.services import reference
    from intranet_surat.services.effects import SHIPPED as EFFECTS

    parts = building.Parts(
        kinds={kind.id: kind for kind in KINDS},
        effects={name: (function, "in") for name, function in EFFECTS.items()},
    )
    return building.surroundings(parts, reference.shipped())


def read(path: Path) -> Flow:
    """The flow of one file. Raises CommandError when it has findings; they are printed."""
    flows, wrong = Library([path]).read()
    if wrong:
        raise CommandError(f"{path} has findings, see above")
    return flows[0]


def text_of(path: Path) -> str:
    """The text of a file. Raises CommandError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


class Library:
    """Some flow files (without any: all shipped), and the bases that they may extend.

    Bases are found beside the files, in the folder above, and among the shipped flows. ``texts`` are those of
    all files read so far, by name.
    """

    def __init__(self, files: list[Path]) -> None:
        self.files = files or shipped()
        self.folders = dict.fromkeys(folder for file in self.files for folder in (file.parent, file.parent.parent))
        self.texts: dict[str, str] = {}
        self.world = world()

    def read(self) -> tuple[list[Flow], int]:
        """The flows without findings, and how many files have some; those are printed."""
        from intranet_surat.workflow.findings import FlowError, show
        from intranet_surat.workflow.loader import load_all

        mine = {str(path): text_of(path) for path in self.files}
        self.texts.update(mine)
        flows, wrong = [], 0
        for flow in load_all(mine, self.world, self.base).values():
            if isinstance(flow, FlowError):
                wrong += 1
                for finding in flow.findings:
                    print(show(finding, self.texts))
            else:
                flows.append(flow)
        return flows, wrong

    def base(self, flow_id: str, version: int) -> Flow | None:
        """The flow of this id and version, if a file of these folders holds it; its FlowError when it has findings."""
        from intranet_surat.workflow.loader import load, names
        from intranet_surat.workflow.nodes import marks

        for path in (*(each for folder in self.folders for each in sorted(folder.glob("*.yaml"))), *shipped()):
            text = text_of(path)
            if flow_id in text and names(marks(text, str(path))) == (flow_id, str(version)):
                self.texts[str(path)] = text
                return load(text, str(path), self.world, self.base)
        return None
