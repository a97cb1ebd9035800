import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from letter_facts import facts
from PIL import Image

from intranet_surat.errors import Unavailable, Unknown
from intranet_surat.services import pages, rendering


@pytest.fixture
def house(tmp_path):
    return SimpleNamespace(settings=SimpleNamespace(cache=tmp_path / "cache"))


def letter():
    return rendering.pdf(SimpleNamespace(renderers={}), facts(), datetime(2026, 11, 20, tzinfo=UTC))


class Stored:
    def __init__(self, content):
        self.content, self.opened = content, 0
        self.sha256 = hashlib.sha256(content).hexdigest()

    def open(self):
        self.opened += 1
        return io.BytesIO(self.content)


def test_a_page_is_drawn_once_and_then_read_from_disk(house):
    stored = Stored(letter())
    first = pages.image(house, stored.sha256, stored.open, 1, 1280)
    again = pages.image(house, stored.sha256, stored.open, 1, 1280)
    assert first == again
    assert stored.opened == 1
    with Image.open(first) as drawn:
        assert (drawn.format, drawn.mode, drawn.width) == ("PNG", "P", 1280)
        assert drawn.height == pytest.approx(1280 * 330 / 215, abs=2)
    assert first.stat().st_size < 150_000
    assert house.settings.cache.stat().st_mode & 0o777 == 0o700


def test_a_phone_gets_a_smaller_picture(house):
    stored = Stored(letter())
    assert (
        pages.image(house, stored.sha256, stored.open, 1, 640).stat().st_size
        < pages.image(house, stored.sha256, stored.open, 1, 1280).stat().st_size
    )


def test_many_who_ask_at_once_get_the_same_whole_picture(house):
    stored = Stored(letter())
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: pages.image(house, stored.sha256, stored.open, 1, 640).read_bytes(), range(6)))
    assert len(set(found)) == 1
    assert [each.name for each in house.settings.cache.rglob("*") if each.is_file()] == [f"{stored.sha256}-1-640.png"]


def test_the_words_of_a_page(house):
    stored = Stored(letter())
    for _ in range(2):
        assert "Penanganan darurat tanggul" in pages.text(house, stored.sha256, stored.open, 1)
    assert stored.opened == 1


@pytest.mark.parametrize(("page", "width"), [(0, 640), (9, 640), (1, 641), (1, 99_999), (-1, 640)])
def test_a_page_or_width_that_does_not_exist_is_unknown(house, page, width):
    stored = Stored(letter())
    with pytest.raises(Unknown):
        pages.image(house, stored.sha256, stored.open, page, width)


def test_words_of_a_page_that_does_not_exist_are_unknown(house):
    stored = Stored(letter())
    for page in (0, 9):
        with pytest.raises(Unknown):
            pages.text(house, stored.sha256, stored.open, page)


def test_a_file_that_cannot_be_drawn_says_so_and_leaves_nothing(house):
    stored = Stored(b"%PDF-1.7 rubbish")
    with pytest.raises(Unavailable, match="tetap dapat diunduh"):
        pages.image(house, stored.sha256, stored.open, 1, 640)
    assert [each for each in house.settings.cache.rglob("*") if each.is_file()] == []


def test_photos_are_turned_and_made_small(house):
    out, note = io.BytesIO(), Image.Exif()
    note[0x0112] = 6
    Image.new("RGB", (2000, 1000), "red").save(out, "JPEG", exif=note)
    stored = Stored(out.getvalue())
    with Image.open(pages.image(house, stored.sha256, stored.open, 1, 640)) as drawn:
        assert drawn.size == (640, 1280)
        assert drawn.convert("RGB").getpixel((5, 5))[0] > 200
    assert pages.text(house, stored.sha256, stored.open, 1) == ""


def test_clear_parts_of_a_picture_become_white(house):
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG")
    stored = Stored(out.getvalue())
    with Image.open(pages.image(house, stored.sha256, stored.open, 1, 640)) as drawn:
        assert drawn.convert("L").getextrema() == (255, 255)


def test_a_name_that_is_no_hash_reaches_no_path(house):
    with pytest.raises(ValueError, match="SHA-256"):
        pages.image(house, "../../x", Stored(b"").open, 1, 640)
