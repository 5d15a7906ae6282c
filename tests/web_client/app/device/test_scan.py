"""Reading a pairing code with the camera: a picture of a QR code, held before it as a film of one frame."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import segno
from playwright.sync_api import Playwright, expect
from tests.end_to_end.support.practice import Invitation
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.app.kept_phone import KeptPhone, kept_phone
from tests.web_client.app.phone import WITHIN

from intersession_schemas.typed import pairing_link

pytestmark = pytest.mark.page

WIDTH, HEIGHT, MODULE = 640, 480, 8
PAPER, INK, GREY = 235, 16, 128
CODE = "Code from your practice"
Seeing = Callable[[str], AbstractContextManager[KeptPhone]]


def film(text: str, file: Path) -> Path:
    """A film (YUV4MPEG2) in which the QR code of a text is held before the camera."""
    rows = [bytes(row) for row in segno.make_qr(text, error="q").matrix_iter(border=4)]
    left, top = (WIDTH - len(rows) * MODULE) // 2, (HEIGHT - len(rows) * MODULE) // 2
    assert top >= 0
    picture = bytearray([PAPER]) * (WIDTH * HEIGHT)
    for y, row in enumerate(rows):
        line = b"".join(bytes([INK if dark else PAPER]) * MODULE for dark in row)
        for below in range(MODULE):
            start = (top + y * MODULE + below) * WIDTH + left
            picture[start : start + len(line)] = line
    frame = b"FRAME\n" + bytes(picture) + bytes([GREY]) * (WIDTH * HEIGHT // 2)
    file.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    return file


@pytest.fixture
def seeing(playwright: Playwright, chromium: str, server: ServerProcess, tmp_path: Path) -> Seeing:
    """Makes a phone before whose camera the QR code of a text is held."""

    def made(text: str) -> AbstractContextManager[KeptPhone]:
        switches = [
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film(text, tmp_path / 'film.y4m')}",
        ]
        return kept_phone(playwright, chromium, tmp_path / "phone", server.url, *switches, permissions=["camera"])

    return made


def scan(phone: KeptPhone) -> None:
    """Begin to, on the screen for connecting."""
    phone.open("/pair")
    phone.shows("Connect with your practice")
    phone.tap("Scan the QR code")


def test_the_code_is_read_and_taken_and_the_camera_is_off_again(
    seeing: Seeing, server: ServerProcess, client: Invitation
) -> None:
    with seeing(pairing_link(server.url, client.code)) as phone:
        scan(phone)
        expect(phone.page.get_by_label(CODE)).to_have_value(client.code.replace("-", ""), timeout=WITHIN)
        phone.sees("The code was taken from the QR code.")
        expect(phone.page.locator("video")).to_have_count(0)
        phone.tap("Connect")
        phone.shows("Today")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("https://example.org/menu", "This QR code is not one for connecting."),
        (pairing_link("https://praxis.example", "ABCD-EFGH"), "This code is for the app at praxis.example."),
    ],
)
def test_what_is_no_code_for_here_is_said_and_the_camera_looks_on(seeing: Seeing, text: str, says: str) -> None:
    with seeing(text) as phone:
        scan(phone)
        phone.sees(says)
        assert phone.page.get_by_label(CODE).input_value() == ""
        playing = "() => document.querySelector('video').srcObject.getTracks().map((track) => track.readyState)"
        assert phone.page.evaluate(playing) == ["live"]
        phone.page.evaluate("() => { globalThis.camera = document.querySelector('video').srcObject }")
        phone.turn("hidden")
        expect(phone.page.locator("video")).to_have_count(0)
        phone.page.wait_for_function("() => camera.getTracks().every((track) => track.readyState === 'ended')")


def test_without_leave_to_use_the_camera_the_code_is_typed(
    seeing: Seeing, server: ServerProcess, client: Invitation
) -> None:
    with seeing("nothing") as phone:
        phone.context.add_init_script(
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
        )
        scan(phone)
        phone.sees("This browser does not let the app use the camera.")
        asked = phone.requests()
        for typed in ("ABCD-EFG", "ABCD-EFGU", "ABCD-EFGH-J"):
            phone.page.get_by_label(CODE).fill(typed)
            phone.tap("Connect")
            phone.sees("A code has 8 or 16 letters and digits.")
        assert not [one.url for one in asked if one.url.endswith("/pair")]
        phone.page.get_by_label(CODE).fill(pairing_link(server.url, client.code))
        phone.tap("Connect")
        phone.shows("Today")
