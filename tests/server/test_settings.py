"""Settings: where they come from, and which are refused."""

from __future__ import annotations

import pytest

from intersession_server.errors import ConfigurationError
from intersession_server.settings import Settings, described, is_loopback, settings_from


def test_a_flag_wins_over_the_environment_and_that_over_the_default() -> None:
    environment = {"INTERSESSION_PORT": "9000", "INTERSESSION_HOST": "::1", "PORT": "1"}
    settings = settings_from({"port": 9001, "host": None}, environment)
    assert (settings.port, settings.host, settings.idle_minutes) == (9001, "::1", 30)


def test_every_setting_can_come_as_text_from_the_environment() -> None:
    for setting in described():
        text = {bool: "true", int: str(setting.default)}.get(setting.type, str(setting.default))
        if setting.name in ("public_url", "app_host", "tls_cert", "tls_key"):
            text = "https://example.org"
        assert getattr(settings_from({}, {setting.variable: text}), setting.name) in (setting.default, True, text)


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("true", True), ("1", True), ("no", False), ("0", False)])
def test_a_switch_takes_words(text: str, value: bool) -> None:
    assert settings_from({}, {"INTERSESSION_BEHIND_PROXY": text}).behind_proxy is value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("INTERSESSION_PORT", "http"),
        ("INTERSESSION_PORT", "70000"),
        ("INTERSESSION_BEHIND_PROXY", "perhaps"),
        ("INTERSESSION_LOG_LEVEL", "loud"),
        ("INTERSESSION_IDLE_MINUTES", "0"),
        ("INTERSESSION_MAX_FRAME_BYTES", "1"),
    ],
)
def test_a_wrong_value_names_its_setting(variable: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        settings_from({}, {variable: text})
    with pytest.raises(ConfigurationError, match="--port"):
        settings_from({"port": "x"}, {})


def test_every_setting_is_described() -> None:
    for setting in described():
        assert setting.description.endswith("."), setting.name
        assert setting.flag == "--" + setting.variable.removeprefix("INTERSESSION_").lower().replace("_", "-")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_this_machine_alone_may_be_served_in_the_clear(host: str) -> None:
    assert is_loopback(host)
    Settings(host=host).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org", ""])
def test_the_network_is_not_served_in_the_clear(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(ConfigurationError, match="without TLS"):
        Settings(host=host, public_url="https://example.org").check()
    with pytest.raises(ConfigurationError, match="--public-url"):
        Settings(host=host, behind_proxy=True).check()
    Settings(host=host, behind_proxy=True, public_url="https://example.org").check()


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org/journal",
        "https://example.org?x=1",
        "https://me@example.org",
        "https://example.org:port",
        "http://example.org",
    ],
)
def test_a_public_url_is_scheme_host_and_port_and_https(url: str) -> None:
    with pytest.raises(ConfigurationError, match="--public-url"):
        Settings(public_url=url).check()


def test_a_certificate_needs_its_key_and_both_must_be_there() -> None:
    with pytest.raises(ConfigurationError, match="together"):
        Settings(tls_cert="a.pem").check()
    with pytest.raises(ConfigurationError, match="--tls-cert: there is no such file"):
        Settings(tls_cert="missing.pem", tls_key="missing.key").check()


def test_https_is_known_from_certificate_or_public_url() -> None:
    assert not Settings().https
    assert Settings(public_url="https://example.org").https
    assert Settings(tls_cert="a", tls_key="b").https


@pytest.mark.parametrize("services", ["", "fcm.googleapis.com", "*.push.apple.com, a.example", "http://127.0.0.1:9000"])
def test_push_services_are_host_names_and_origins(services: str) -> None:
    Settings(push_services=services, push_contact="mailto:it@example.org").check()


@pytest.mark.parametrize(
    "services",
    ["*", "*.", "a.example/x", "https://a.example/", "ftp://a.example", "a.example:443", "a b", "http://u@a"],
)
def test_what_is_no_push_service_is_refused(services: str) -> None:
    with pytest.raises(ConfigurationError, match="--push-services"):
        Settings(push_services=services).check()


@pytest.mark.parametrize("contact", ["", "it@example.org", "http://example.org", "mailto:", "https://a b"])
def test_whom_push_services_turn_to_is_an_address(contact: str) -> None:
    with pytest.raises(ConfigurationError, match="--push-contact"):
        Settings(push_contact=contact).check()
