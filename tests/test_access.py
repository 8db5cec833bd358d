from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from onrecord.access import ONLY_HERE, Access
from onrecord.errors import AccessError, UsersError
from onrecord.hosts import client_at
from onrecord.settings import Settings
from tests.passwords import write_users


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost"])
def test_on_loopback_nobody_has_to_log_in(host: str) -> None:
    ONLY_HERE.check(host)
    assert ONLY_HERE.is_for_one(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "answers.example", ""])
def test_elsewhere_somebody_has_to_say_who_may_ask(host: str, tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"onrecord user add NAME.*ONRECORD_OPEN=1"):
        ONLY_HERE.check(host)
    Access(open=True).check(host)
    users = write_users(tmp_path / "users", anna="the old bridge")
    Access(users=users).check(host)
    assert not Access(users=users).is_for_one(host)


def test_on_loopback_too_once_others_are_led_there_by_a_name() -> None:
    led = Access(hostnames=("answers.example",))
    assert not led.is_for_one("127.0.0.1")
    with pytest.raises(AccessError, match=r"by the name answers\.example"):
        led.check("127.0.0.1")


def test_a_users_file_that_cannot_be_used_is_told_before_anything_is_served(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "0.0.0.0"):
        with pytest.raises(UsersError, match="cannot be read"):
            Access(users=tmp_path / "none", open=True).check(host)


def test_it_is_set_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONRECORD_USERS", "/etc/users")
    monkeypatch.setenv("ONRECORD_OPEN", "1")
    monkeypatch.setenv("ONRECORD_HOSTNAMES", "Answers.example, b.example,")
    assert Access.by(Settings()) == Access(
        users=Path("/etc/users"), open=True, hostnames=("answers.example", "b.example")
    )


@pytest.mark.parametrize(
    "name", ["https://a.example", "a.example:443", "*", "*.example", "a b", '["a"]', "a..b"]
)
def test_what_is_no_host_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="is not a host name"):
        Settings(hostnames=name)


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::1", "::1"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_client_is_one_however_many_addresses_it_has(address: str, client: str) -> None:
    assert client_at(address) == client
