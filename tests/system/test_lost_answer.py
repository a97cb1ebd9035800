"""The letter is stored and nobody is told: whoever asks again, a person or the application itself, makes no second one."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from lossy import Lossy
from served import MASUK, Served, fill, incoming, letters_of

from intranet_surat.services import numbering


@pytest.fixture
def near(tmp_path):
    """The application over a file."""
    uri = f"file://{tmp_path}/Data.fs"
    fill(uri)
    made = Served(uri, tmp_path)
    yield made
    made.close()


@pytest.fixture
def far(tmp_path):
    """The application over a storage server, with a line between them that can be cut."""
    fill(f"file://{tmp_path}/Data.fs")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    conf = tmp_path / "zeo.conf"
    conf.write_text(
        f"%import intranet_surat.resources\n<zeo>\n  address 127.0.0.1:{port}\n</zeo>\n"
        f"<durable 1>\n  path {tmp_path}/Data.fs\n  blob-dir {tmp_path}/Data.fs.blobs\n</durable>\n"
    )
    server = subprocess.Popen(
        [Path(sys.executable).parent / "surat", "zeo", conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    line = Lossy(("127.0.0.1", port))
    _wait_for(port)
    client = tmp_path / "zodb.conf"
    client.write_text(
        f"%import ZEO\n<zodb main>\n  <zeoclient>\n    server 127.0.0.1:{line.address[1]}\n    blob-dir {tmp_path}/cache\n"
        "  </zeoclient>\n</zodb>\n"
    )
    made = Served(f"zconfig://{client}#main", tmp_path)
    made.line = line
    yield made
    made.close()
    line.close()
    server.terminate()
    server.wait(20)


def _wait_for(port):
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the storage server does not listen")


@pytest.mark.parametrize("key", ["dengan-kunci", ""], ids=["with a key", "without one"])
def test_a_commit_whose_answer_is_lost_between_application_and_storage_makes_one_letter(far, key):
    """What a registrar would see: the letter twice, with two agenda numbers, though he sent it once."""
    program, head = far.program("agendaris.dinkes"), far.post("kepala.dinkes")
    far.line.lose_the_next_commit()
    status, told = program.post(MASUK.format("dinkes"), incoming(head, 1), key=key)
    assert far.line.lost.is_set()
    assert (status, told["type"]) == (503, "terputus"), told
    if key:
        status, told = program.post(MASUK.format("dinkes"), incoming(head, 1), key=key)
        assert status == 201, told
    status, told = program.post(MASUK.format("dinkes"), incoming(head, 2), key="surat-kedua")
    assert status == 201, told
    with far.site() as site:
        register = site.registers[numbering.key("DINKES", "agenda-masuk", 2026)]
        assert [line.number for line in register.lines()] == [1, 2]
    assert len(letters_of(far, "DINKES")) == 2


def test_a_program_that_lost_the_answer_repeats_with_its_key_and_gets_the_letter(near):
    program, head = near.program("agendaris.dinkes"), near.post("kepala.dinkes")
    before = len(letters_of(near, "DINKES"))
    values = incoming(head, 77)
    program.post_and_hang_up(MASUK.format("dinkes"), values, "jawaban-hilang")
    status, told = program.post(MASUK.format("dinkes"), values, key="jawaban-hilang")
    again = program.post(MASUK.format("dinkes"), values, key="jawaban-hilang")
    assert (status, again[0]) == (201, 201)
    assert again[1]["@id"] == told["@id"]
    assert len(letters_of(near, "DINKES")) == before + 1
