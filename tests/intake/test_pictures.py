import base64

import pytest

from autograder.intake.pictures import safe_pictures

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()


def test_a_picture_is_kept_and_line_breaks_go():
    assert safe_pictures({"image/png": f"{PIXEL[:8]}\n{PIXEL[8:]}\n"}) == {"image/png": PIXEL}


@pytest.mark.parametrize(
    "bundle",
    [
        {"image/png": '"><script>alert(1)</script>'},
        {"image/png": PIXEL + '" onload="x'},
        {"image/png": "ünïcode"},
        {"image/png": {"a": 1}},
        {"image/svg+xml": "<svg onload=alert(1)>"},
        {"text/html": "<b>"},
        {},
    ],
)
def test_all_else_goes(bundle):
    assert safe_pictures(bundle) == {}
