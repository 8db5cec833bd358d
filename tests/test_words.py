import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from onrecord.words import stem

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
