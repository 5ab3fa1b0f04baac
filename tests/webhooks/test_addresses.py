"""Only what may be called is called, however an address is written or what its name leads to."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import SettingError, load_settings
from crm.webhooks import signing
from crm.webhooks.addresses import Denied, reachable, read
from crm.webhooks.sending import send

pytestmark = pytest.mark.once

WRONG_FORM = (
    "https://user@example.com/", "https://user:pw@example.com/", "https://example.com@127.0.0.1/",
    "https://example.com\\@127.0.0.1/", "https://example.com#@127.0.0.1/", "https://１２７.0.0.1/",
    "https://例え.jp/", "https://127.1/", "https://0177.0.0.1/", "https://0x7f000001/",
    "https://0x7f.0.0.1/", "https://2130706433/", "https://127.0.0.01/", "https://1.2.3.4.5/",
    "https://exa mple.com/", "https://example.com/\r\nHost: x", "https://%31%32%37.0.0.1/",
    "https://[fe80::1%25eth0]/", "https://[::1", "https://example.com:99999/",
    "https://example.com:0/", "https:///path", "https://-a.com/", "https://a..com/",
    "https://example.com:８０/", "https://" + "a" * 600, "https://[127.0.0.1]/",
)  # fmt: skip
NEVER = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "168.63.129.16", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "fe80::1", "fec0::1",
    "fc00::1", "fd12:3456::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
    "2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::", "2001::1", "2001:db8::1", "100::1",
    "2001:10::1", "3fff::1", "5f00::1",
)  # fmt: skip
LOOPBACK = ("127.0.0.0/8",)


def networks(said: str, directory: Path) -> tuple[str, ...]:
    told = {"CRM_WEBHOOK_PRIVATE": said, "CRM_DATA_DIR": str(directory)}
    return load_settings(told).webhook_networks


def leading(*addresses: str) -> Callable[[str, int, float], list[str]]:
    return lambda _host, _port, _seconds: list(addresses)


def test_an_address_that_can_be_read_in_two_ways_is_not_read_at_all() -> None:
    for url in WRONG_FORM:
        with pytest.raises(Denied, match="form"):
            read(url)
    for url in ("ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//a.com/"):
        with pytest.raises(Denied, match="scheme"):
            read(url)
    found = read("https://Hooks.Example.com.:8443/engawa?x=1&y=%20")
    assert (found.host, found.port, found.path) == ("hooks.example.com", 8443, "/engawa?x=1&y=%20")
    assert read("https://[2606:4700::1111]").host == "2606:4700::1111"


def test_no_address_inside_is_called_whatever_name_leads_there() -> None:
    target = read("https://hooks.example.com/")
    for address in NEVER:
        with pytest.raises(Denied, match="network"):
            reachable(target, (), 1, leading(address))
        with pytest.raises(Denied, match="network"):
            reachable(target, (), 1, leading("8.8.8.8", address))
        literal = f"[{address}]" if ":" in address else address
        with pytest.raises(Denied, match="network"):
            reachable(read(f"https://{literal}/"), (), 1)
    both = ["8.8.8.8", "2606:4700::1111"]
    assert reachable(target, (), 1, leading(*both)) == both
    with pytest.raises(Denied, match="network"):
        reachable(target, (), 1, leading("fe80::1%eth0"))


def test_a_company_opens_its_own_networks_and_no_others(tmp_path: Path) -> None:
    private = networks("1", tmp_path)
    plain = read("http://erp.example.com/")
    assert reachable(plain, private, 1, leading("10.0.0.7")) == ["10.0.0.7"]
    for address in (
        "169.254.169.254", "8.8.8.8", "::ffff:10.0.0.7", "0.0.0.0", "224.0.0.1", "fd00:ec2::254",
    ):  # fmt: skip
        with pytest.raises(Denied):
            reachable(plain, private, 1, leading(address))
    only = networks("10.1.0.0/16, 192.168.7.9", tmp_path)
    assert reachable(plain, only, 1, leading("192.168.7.9")) == ["192.168.7.9"]
    with pytest.raises(Denied):
        reachable(plain, only, 1, leading("192.168.7.8"))
    for wrong in ("2", "yes", "10.0.0.1/8", "10.0.0.0/40", "example.com"):
        with pytest.raises(SettingError, match="CRM_WEBHOOK_PRIVATE"):
            networks(wrong, tmp_path)


def test_a_signature_is_made_as_the_standard_says() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1614265330, UTC)
    message = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    said = signing.headers([secret, b"old"], message, at, b'{"test": 2432232314}')
    assert (said["webhook-id"], said["webhook-timestamp"]) == (message, "1614265330")
    first, second = said["webhook-signature"].split()
    assert first == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert second.startswith("v1,") and second != first
    assert signing.shown(secret) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert signing.secret_of("a", "key") != signing.secret_of("b", "key")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", ""),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "redirect"),
        (b"HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\nn\x00\xff!", "status"),
        (b"nonsense\r\n\r\n", "connection"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, "connection"),
        (None, "timeout"),
        (b"drip", "timeout"),
    ],
)
def test_a_receiver_is_given_little_time_and_no_trust(answer: bytes | None, error: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                while not connection.recv(65536).endswith(b"{}"):
                    pass
                if answer == b"drip":
                    for sign in b"HTTP/1.1 200 OK\r\nX-Slow: very":
                        try:
                            connection.send(bytes([sign]))
                        except OSError:
                            return
                        time.sleep(0.05)
                elif answer is None:
                    time.sleep(0.6)
                else:
                    connection.sendall(answer)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        url = f"http://hooks.example.com:{port}/x"
        got = send(url, {}, b"{}", LOOPBACK, leading("127.0.0.1"), 0.4)
        assert (got.error, got.taken) == (error, error == "")
        assert got.took_ms < 900 and "\x00" not in got.text
        serving.join()


def test_whoever_shows_no_certificate_for_the_name_hears_nothing() -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def serve() -> None:
            connection, _address = server.accept()
            with connection:
                heard.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        threading.Thread(target=serve, daemon=True).start()
        url = f"https://hooks.example.com:{port}/x"
        got = send(url, {}, b'{"secret": 1}', LOOPBACK, leading("127.0.0.1"), 1)
    assert got.error == "tls" and b"secret" not in heard[0] and b"hooks.example.com" in heard[0]
    closed = send(f"http://127.0.0.1:{port}/", {}, b"{}", LOOPBACK, seconds=1)
    assert closed.error == "connection"
    assert send("http://127.0.0.1:1/", {}, b"{}", ()).error == "scheme"
    assert send("https://no.such.host.invalid/", {}, b"{}", (), leading()).error == "connection"
