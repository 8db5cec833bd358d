import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from onrecord.words import readable, stem

WORDS = ["nationalization", "peacefully", "ministries", "running", "a", "hopelessness"]


@pytest.fixture
def eager_threads() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("eager_threads")
def test_threads_do_not_disturb_one_another() -> None:
    right = [stem(word) for word in WORDS]
    assert right == ["nation", "peac", "ministri", "run", "a", "hopeless"]
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda _: [stem(word) for word in WORDS], range(200))
        assert all(each == right for each in found)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("See [the report](https://example.org/a) of May.", "See the report of May."),
        (
            "It is **very** old, *not* new, and _so_ it stays.",
            "It is very old, not new, and so it stays.",
        ),
        ("**Your co-founder left.", "Your co-founder left."),  # the other end is a sentence away
        ("Why did he leave?**", "Why did he leave?"),
        ("Call `heron --prime` first.", "Call heron --prime first."),
        ("| Weight | 8.4 kg | 10.1 kg |", "Weight | 8.4 kg | 10.1 kg"),
    ],
)
def test_markdown_is_read_as_its_words(written: str, read: str) -> None:
    assert readable(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "2 ** 3 = 8",
        "2**3",
        "a 4* inn and a 5* hotel",
        "snake_case_name",
        "__init__",
        "* 3 left",
        "a | b",
    ],
)
def test_what_is_no_markdown_stays(text: str) -> None:
    assert readable(text) == text
