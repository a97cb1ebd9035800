"""Child program: compares a scan of a signed paper with the print it came from; or stacks one page of both."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from PIL import Image

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a child makes no threads of its own; read when numpy is loaded

from intranet_surat.services.child import raster
from intranet_surat.services.scans import matching


def work(source: bytes, arguments: dict[str, Any], data: BinaryIO) -> dict[str, Any]:
    """``printed``, ``pages`` and ``missing`` as `matching.compare` says, or ``problem``.

    The input is the print, whose length is ``print_size``, and then the scan. With ``stack`` (a page of the scan)
    and ``on`` (a page of the print) the answer is a picture of both on one another.
    """
    size = int(arguments["print_size"])
    printed, scan = source[:size], source[size:]
    try:
        if "stack" in arguments:
            drawn = matching.stacked(printed, scan, int(arguments["stack"]), int(arguments["on"]))
            if drawn is None:
                return {"problem": "no-match"}
            picture = Image.fromarray(drawn).resize((1280, 1280 * drawn.shape[0] // drawn.shape[1]))
            picture.quantize(64, dither=Image.Dither.NONE).save(data, "PNG", compress_level=9)
            return {}
        return matching.compare(printed, scan, int(arguments["most"]))
    except raster.NoPage as error:
        return {"problem": str(error)}
