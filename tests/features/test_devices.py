"""What the session centre says of a device."""

from __future__ import annotations

import pytest

from flask_better_auth.features.session_management.devices import Device
from flask_better_auth.features.session_management.devices import describe_device

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Safari/537.36",
            Device("Chrome on Windows", "desktop", "Chrome", "Windows"),
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {_CHROME} Safari/537.36 Edg/140.0.0.0",
            Device("Edge on Windows", "desktop", "Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            Device("Firefox on Linux", "desktop", "Firefox", "Linux"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.5 Safari/605.1.15",
            Device("Safari on Mac OS X", "desktop", "Safari", "Mac OS X"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) "
            "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 "
            "Safari/604.1",
            Device("Mobile Safari on iOS", "mobile", "Mobile Safari", "iOS"),
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
            Device("Mobile Safari on iOS", "tablet", "Mobile Safari", "iOS"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {_CHROME} Mobile Safari/537.36",
            Device("Chrome Mobile on Android", "mobile", "Chrome Mobile", "Android"),
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; SM-X910) {_CHROME} Safari/537.36",
            Device("Chrome on Android", "tablet", "Chrome", "Android"),
        ),
        (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            Device("Googlebot", "bot", "Googlebot", ""),
        ),
        ("curl/8.14.1", Device("curl", "other", "curl", "")),
        ("", Device("Unknown device", "other", "", "")),
        ("\n\0<b>", Device("Unknown device", "other", "", "")),
    ],
)
def test_device_is_read_from_its_user_agent(user_agent: str, device: Device) -> None:
    """Browser, system and kind, as far as the header tells."""
    assert describe_device(user_agent) == device
