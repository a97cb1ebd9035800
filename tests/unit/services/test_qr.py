import io

import pytest
import zxingcpp
from PIL import Image

from intranet_surat.services import qr

URL = "https://surat.contoh.go.id/v/3jd7f0aq9xw2m5t8k1zc4b6n0p"


@pytest.mark.parametrize("content", [URL, "K7Q2-M94X-1311"])
def test_what_is_printed_is_read_again(content):
    picture = Image.open(io.BytesIO(qr.png(content)))
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == [content]


def test_the_vector_picture_is_the_same_each_time_and_holds_no_text():
    made = qr.svg(URL)
    assert made == qr.svg(URL)
    assert made.startswith("<svg ")
    assert "https" not in made.replace("http://www.w3.org", "")


def test_a_code_of_nothing_is_our_mistake():
    with pytest.raises(ValueError, match="content"):
        qr.svg("")
