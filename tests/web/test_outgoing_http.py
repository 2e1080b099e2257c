from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from consult.web.outgoing_guard import CARRIERS, Fault, Refused, allowed_address, is_public, target_of
from consult.web.outgoing_http import Outgoing, Rules, send
from tests.support.foreign_web import Behaviour, ForeignWeb, answer, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = ("127.0.0.1",)
SHORT = 0.5


@pytest.fixture
def web() -> Iterator[ForeignWeb]:
    with ForeignWeb() as server:
        yield server


def ask(url: str, *, allow: tuple[str, ...] = HOST, **rules: object) -> bytes:
    return send(Outgoing(url=url), Rules(allow_hosts=allow, **rules)).body  # type: ignore[arg-type] # rules of a test


def fault_of(url: str, **rules: object) -> Fault:
    with pytest.raises(Refused) as refused:
        ask(url, **rules)  # type: ignore[arg-type] # rules of a test
    return refused.value.fault


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://agenda.example/a.ics", Fault.NOT_HTTPS),
        ("https://agenda.example:8443/a.ics", Fault.PORT),
        ("https://agenda.example:0/a.ics", Fault.PORT),
        ("https://rik:geheim@agenda.example/a.ics", Fault.SIGN_IN_INSIDE),
        ("https://@agenda.example/a.ics", Fault.SIGN_IN_INSIDE),
        ("file:///etc/passwd", Fault.ADDRESS),
        ("gopher://agenda.example/", Fault.ADDRESS),
        ("agenda.example/a.ics", Fault.ADDRESS),
        ("https:///a.ics", Fault.ADDRESS),
        ("https://agenda.example:99999/", Fault.ADDRESS),
        ("https://[::1/", Fault.ADDRESS),
        ("https://agenda.example/a b", Fault.ADDRESS),
        ("https://agenda.example/\r\nX: y", Fault.ADDRESS),
        ("https://agenda.example\\@elders.example/", Fault.ADDRESS),
        ("https://agenda.example/" + "a" * 3000, Fault.ADDRESS),
        ("", Fault.ADDRESS),
    ],
)
def test_an_address_that_is_none_of_ours_is_refused_before_any_network(url: str, fault: Fault) -> None:
    with pytest.raises(Refused) as refused:
        target_of(url)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 (an address to refuse)
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff0e::1",
        "2001:db8::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001:0:1::1",
    ],
)
def test_an_address_that_is_not_public_is_refused_whatever_its_form(number: str) -> None:
    assert (
        fault_of("https://agenda.example/", allow=(), resolve=lambda *_: (number,), seconds=SHORT)
        is Fault.NOT_PUBLIC
    )


@pytest.mark.parametrize("number", ["8.8.8.8", "2a02:1234::1", "145.0.0.1"])
def test_an_address_on_the_public_network_is_spoken_to(number: str) -> None:
    assert allowed_address(target_of("https://agenda.example/"), (number,)) == number


def test_a_name_that_mixes_public_and_private_is_refused() -> None:
    with pytest.raises(Refused):
        allowed_address(target_of("https://agenda.example/"), ("8.8.8.8", "10.0.0.1"))


@given(st.integers(0, 2**32 - 1))
def test_no_form_of_an_ipv4_address_opens_what_the_plain_one_does_not(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    if not is_public(plain):
        forms = [int(net.network_address) | number << max(0, 96 - net.prefixlen) for net in CARRIERS]
        forms += [int(net.network_address) | number << (128 - net.prefixlen - 32) for net in CARRIERS[:3]]
        assert not any(is_public(ipaddress.IPv6Address(form)) for form in forms)


@pytest.mark.parametrize("spelling", ["0x7f000001", "2130706433", "127.1", "0177.0.0.1", "localhost"])
def test_another_spelling_of_this_machine_is_this_machine(spelling: str) -> None:
    assert fault_of(f"https://{spelling}/", allow=(), seconds=SHORT) in {
        Fault.NOT_PUBLIC,
        Fault.UNKNOWN_HOST,
    }


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_is_asked_once(
    web: ForeignWeb,
) -> None:
    web.answers["/a.ics"] = answer(b"ja")
    resolved = []

    def resolve(host: str, _port: int) -> tuple[str, ...]:
        resolved.append(host)
        return ("127.0.0.1",)

    url = f"http://agenda.example:{web.port}/a.ics"
    assert ask(url, allow=("agenda.example",), resolve=resolve) == b"ja"
    assert resolved == ["agenda.example"]
    assert f"Host: agenda.example:{web.port}\r\n" in web.asked[0]


def test_a_private_host_is_asked_only_when_the_operator_names_it(web: ForeignWeb) -> None:
    web.answers["/"] = answer(b"ja")
    assert ask(web.url()) == b"ja"
    assert fault_of(web.url(), allow=()) is Fault.NOT_HTTPS
    assert fault_of(f"https://127.0.0.1:{web.port}/", allow=()) is Fault.PORT
    assert len(web.asked) == 1


def test_a_named_host_in_the_clear_must_be_this_machine() -> None:
    with pytest.raises(Refused) as refused:
        allowed_address(target_of("http://agenda.example/", ("agenda.example",)), ("10.0.0.1",))
    assert refused.value.fault is Fault.NOT_HTTPS


@pytest.mark.parametrize(
    ("location", "fault"),
    [
        ("https://10.0.0.1/", Fault.NOT_PUBLIC),
        ("https://[::ffff:127.0.0.1]/", Fault.NOT_PUBLIC),
        ("http://elders.example/", Fault.NOT_HTTPS),
        ("https://elders.example:22/", Fault.PORT),
        ("file:///etc/passwd", Fault.ADDRESS),
    ],
)
def test_a_redirect_is_checked_as_the_first_address_was(web: ForeignWeb, location: str, fault: Fault) -> None:
    web.answers["/"] = answer(status="302 Found", Location=location)
    assert fault_of(web.url()) is fault


def test_three_redirects_are_followed_and_no_more(web: ForeignWeb) -> None:
    for number in range(4):
        web.answers[f"/{number}"] = answer(status="301 Moved", Location=f"/{number + 1}")
    web.answers["/4"] = answer(b"hier")
    assert ask(web.url("/1")) == b"hier"
    assert fault_of(web.url("/0")) is Fault.REDIRECTS


def test_a_redirect_to_another_host_takes_no_secret_along(web: ForeignWeb) -> None:
    with ForeignWeb({"/": answer(b"elders")}) as other:
        web.answers["/"] = answer(status="307 Moved", Location=other.url())
        outgoing = Outgoing(url=web.url(), secrets={"Authorization": "Basic x"})
        assert send(outgoing, Rules(allow_hosts=HOST)).body == b"elders"
        assert "Authorization" in web.asked[0]
        assert "Authorization" not in other.asked[0]


@pytest.mark.parametrize("behaviour", [Behaviour.SILENCE, Behaviour.DRIP, Behaviour.DRIP_BODY])
def test_one_time_limit_holds_for_everything_together(web: ForeignWeb, behaviour: Behaviour) -> None:
    web.answers["/"] = behaviour
    began = time.monotonic()
    assert fault_of(web.url(), seconds=SHORT) is Fault.TIMEOUT
    assert time.monotonic() - began < SHORT + 1


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Behaviour.DROP, Fault.UNREACHABLE),
        (Behaviour.ENDLESS, Fault.TOO_LARGE),
        (answer(b"x" * 1001), Fault.TOO_LARGE),
        (zipped(b"x" * 1001), Fault.TOO_LARGE),
        (answer(b"kort", Content_Length="400"), Fault.BROKEN),
        (answer(b"niet gzip", Content_Encoding="gzip"), Fault.BROKEN),
        (answer(zipped(b"half")[-20:-8], Content_Encoding="gzip"), Fault.BROKEN),
        (answer(b"x", Content_Encoding="br"), Fault.BROKEN),
        (b"geen http\r\n\r\n", Fault.BROKEN),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70000 + b"\r\n\r\n", Fault.BROKEN),
    ],
)
def test_an_answer_that_is_too_large_or_broken_is_refused(
    web: ForeignWeb, reply: bytes | Behaviour, fault: Fault
) -> None:
    web.answers["/"] = reply
    assert fault_of(web.url(), most_bytes=1000) is fault


def test_a_packed_bomb_never_fills_the_memory(web: ForeignWeb) -> None:
    web.answers["/"] = zipped(b"\0" * 40_000_000)
    tracemalloc.start()
    assert fault_of(web.url()) is Fault.TOO_LARGE
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()


def test_an_answer_is_unpacked(web: ForeignWeb) -> None:
    web.answers["/"] = zipped(b"BEGIN:VCALENDAR" * 50)
    assert ask(web.url()) == b"BEGIN:VCALENDAR" * 50
    assert "Accept-Encoding: gzip" in web.asked[0]


def test_nobody_there_is_told_as_such() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert fault_of(f"http://127.0.0.1:{port}/") is Fault.UNREACHABLE
    assert fault_of("https://bestaat-niet.invalid/") is Fault.UNKNOWN_HOST


@pytest.mark.parametrize(
    ("certified", "believed", "fault"),
    [
        ("agenda.example", True, None),
        ("elders.example", True, Fault.CERTIFICATE),
        ("agenda.example", False, Fault.CERTIFICATE),
    ],
)
def test_the_certificate_must_be_that_of_the_name(
    certified: str,
    believed: bool,  # noqa: FBT001 (a table's column)
    fault: Fault | None,
) -> None:
    authority = trustme.CA()
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(certified).configure_cert(serving)
    trust = ssl.create_default_context()
    (authority if believed else trustme.CA()).configure_trust(trust)
    with ForeignWeb({"/": answer(b"veilig")}, tls=serving) as server:
        url = f"https://agenda.example:{server.port}/"
        rules = {"allow": ("agenda.example",), "resolve": lambda *_: ("127.0.0.1",), "trust": trust}
        if fault is None:
            assert ask(url, **rules) == b"veilig"
        else:
            assert fault_of(url, **rules) is fault


def test_a_refusal_never_holds_the_address() -> None:
    with pytest.raises(Refused) as refused:
        ask("http://agenda.example/geheim-token.ics", allow=())
    assert "geheim" not in str(refused.value)
