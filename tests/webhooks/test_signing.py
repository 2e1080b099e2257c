"""The law of signatures, held against the text of Standard Webhooks 1.0 by code that is not ours."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from consult.webhooks.signing import headers, new_secret
from tests.webhooks.receiver import Heard, is_signed

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds the zone)


@given(
    st.binary(max_size=400), TIMES, st.integers(1, 3), st.text("0123456789abcdef", min_size=1, max_size=32)
)
def test_every_secret_opens_its_own_signature_and_nothing_else(
    body: bytes, at: datetime, number: int, name: str
) -> None:
    secrets = [new_secret() for _ in range(number)]
    made = headers(f"msg_{name}", at, body, secrets)
    assert all(value.isascii() and value.isprintable() for value in made.values())
    heard = Heard("/", made, body)
    assert all(is_signed(heard, each) for each in secrets)
    assert not is_signed(heard, new_secret())
    assert not is_signed(Heard("/", made, body + b" "), secrets[0])
    seconds = int(made["webhook-timestamp"])
    assert 0 <= at.timestamp() - seconds < 1
    assert not is_signed(Heard("/", made | {"webhook-timestamp": str(seconds + 1)}, body), secrets[0])
    assert not is_signed(Heard("/", made | {"webhook-id": f"msg_{name}0"}, body), secrets[0])


def test_a_secret_is_256_random_bits() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b64decode(each.removeprefix("whsec_"), validate=True)) for each in made} == {32}


def test_the_example_of_the_specification() -> None:
    # From the text of the specification: what every other implementation makes of it.
    made = headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
