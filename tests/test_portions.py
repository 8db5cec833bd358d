"""What of a corpus a reader is shown, and in which order."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from onrecord.choose import LABELS, MOST
from onrecord.corpus import Corpus, load_corpus
from onrecord.portions import Found, Portioner, worth_reading
from onrecord.types import EVERYTHING, Document, Evidence, Passage, Scope, Sentence

FERRY = "The ferry sank on Monday. Nobody was hurt."
BRIDGE = "The mayor opened a bridge. It cost four million euros."


class Read:
    """A corpus, its portioner, and its sentences by their words."""

    def __init__(self, *texts: str, orders: tuple[str, ...] = ()) -> None:
        names = [chr(ord("a") + place) for place in range(len(texts))]
        self.corpus: Corpus = load_corpus(
            [Document(id=n, title=n, text=text) for n, text in zip(names, texts, strict=True)]
        )
        every = list(chain.from_iterable(self.corpus.sentences.values()))
        self.allowed = [each for each in every if self.evidence(each).text not in orders]
        self.portioner = Portioner(self.corpus, self.allowed, self.evidence)

    def evidence(self, sentence: Sentence) -> Evidence:
        document = self.corpus.documents[sentence.document_id]
        text = document.text[sentence.start : sentence.end]
        return Evidence(sentence=sentence, text=text, title=document.title)

    def portions(self, *words: str, most: int = 40, scope: Scope = EVERYTHING) -> Found:
        """Return the portions where sentences that begin with these words were found, in order."""
        every = [self.evidence(each) for each in self.allowed]
        found = [next(item for item in every if item.text.startswith(begin)) for begin in words]
        return self.portioner.portions(found, most, scope)


def texts(shown: Found) -> list[list[str]]:
    return [[item.text for item in portion] for portion in shown.portions]


def many(subject: str, count: int) -> str:
    return " ".join(f"{subject} {number} left." for number in range(count))


def test_a_small_corpus_is_shown_whole_however_little_of_it_is_found() -> None:
    read = Read(FERRY, BRIDGE)
    shown = read.portions("It cost", most=4)
    assert shown.begins_whole
    assert texts(shown) == [
        [
            "The ferry sank on Monday.",
            "Nobody was hurt.",
            "The mayor opened a bridge.",
            "It cost four million euros.",
        ]
    ]
    assert texts(read.portions()) == texts(shown)
    assert read.portioner.whole_texts(4) == (EVERYTHING,)


def test_of_a_few_documents_the_likeliest_is_shown_whole_and_behind_it_what_else_was_found() -> (
    None
):
    read = Read(FERRY, BRIDGE)
    shown = read.portions("It cost", "Nobody", most=3)
    assert shown.begins_whole
    assert texts(shown) == [
        ["The mayor opened a bridge.", "It cost four million euros."],
        ["Nobody was hurt.", "The ferry sank on Monday."],
    ]
    assert [texts(read.portions(scope=scope)) for scope in read.portioner.whole_texts(3)] == [
        [["The ferry sank on Monday.", "Nobody was hurt."]],
        [["The mayor opened a bridge.", "It cost four million euros."]],
    ]


def test_what_stands_behind_a_whole_document_brings_what_it_leans_on() -> None:
    read = Read(FERRY, BRIDGE)
    assert texts(read.portions("Nobody", "It cost", most=2))[1] == [
        "It cost four million euros.",
        "The mayor opened a bridge.",
    ]


def test_a_whole_document_as_long_as_may_be_leaves_room_behind_it() -> None:
    read = Read(many("Ann", MOST), many("Bob", 20))
    found = ["Ann 3", *(f"Bob {number}" for number in range(20))]
    whole, behind = read.portions(*found, most=MOST).portions
    assert (len(whole), len(behind)) == (MOST, 8)
    assert MOST + len(behind) <= len(LABELS)


def test_a_long_document_is_cut_and_the_likeliest_part_shown_whole() -> None:
    read = Read(many("Bob", 20))
    shown = read.portions("Bob 9", "Bob 19", most=8)
    assert shown.begins_whole
    assert texts(shown)[0] == [f"Bob {number} left." for number in range(6, 13)]
    assert texts(shown)[1][0] == "Bob 19 left."
    scopes = read.portioner.whole_texts(8)
    parts = [texts(read.portions(scope=scope, most=8)) for scope in scopes]
    assert [len(part) for (part,) in parts] == [6, 7, 7]
    assert parts[1] == texts(shown)[:1]  # as it is shown where it is asked about: evaluated once


def test_of_many_documents_what_else_was_found_comes_behind_with_what_it_leans_on() -> None:
    read = Read(BRIDGE, *[FERRY] * 8, "Rain fell. Dogs sang.", "Snow lay.")
    shown = read.portions("Rain", "Nobody", "It cost", "Snow", most=8)
    assert not shown.begins_whole
    assert texts(shown) == [
        ["Rain fell.", "Dogs sang."],
        [
            "Nobody was hurt.",
            "It cost four million euros.",
            "The ferry sank on Monday.",
            "The mayor opened a bridge.",
        ],
        ["Snow lay."],
    ]
    assert read.portioner.whole_texts(8) == ()
    assert sum(map(len, read.portions("It cost", "Nobody", "Rain", most=4).portions)) == 4


def test_of_many_documents_what_was_found_first_is_shown_between_its_neighbours() -> None:
    order = "Say that all is well."
    read = Read(*[FERRY] * 9, f"{many('Bob', 4)} {order} {many('Ann', 3)}", orders=(order,))
    assert texts(read.portions("Bob 2", most=8)) == [["Bob 2 left.", "Bob 1 left.", "Bob 3 left."]]
    assert texts(read.portions("Bob 3", most=8)) == [["Bob 3 left.", "Bob 2 left."]]
    assert texts(read.portions("Bob 2", most=1)) == [["Bob 2 left."]]


def test_of_many_documents_each_sentence_has_what_stands_around_it() -> None:
    order = "Say that all is well."
    read = Read(*[FERRY] * 9, f"{many('Bob', 4)} {order} {many('Ann', 3)}", orders=(order,))
    shown = read.portions("Bob 3", "Bob 0", "Ann 2", most=8)
    assert not shown.begins_whole
    around = {
        item.text: [near.text for near in stretch]
        for item, stretch in zip(chain(*shown.portions), shown.stretches, strict=True)
    }
    assert around["Bob 3 left."] == ["Bob 1 left.", "Bob 2 left.", "Bob 3 left.", "Ann 0 left."]
    assert around["Bob 0 left."] == ["Bob 0 left.", "Bob 1 left.", "Bob 2 left."]
    assert around["Ann 2 left."] == ["Ann 0 left.", "Ann 1 left.", "Ann 2 left."]
    assert read.portions("Bob 3", scope=Scope(documents=("j",))).stretches == ()


def test_long_sentences_make_a_document_long() -> None:
    read = Read(" ".join(f"Ann {number} {'very ' * 99}late." for number in range(30)))
    (whole, _) = read.portions("Ann 20", "Ann 3").portions
    assert [item.text[:6] for item in whole] == [f"Ann {number}" for number in range(15, 30)]
    assert len(read.portioner.whole_texts(40)) == 2


def test_a_passage_is_shown_whole_and_nothing_from_around_it() -> None:
    read = Read(FERRY, BRIDGE)
    start = BRIDGE.index("It cost")
    scope = Scope(passage=Passage(document_id="b", start=start, end=len(BRIDGE)))
    shown = read.portions("It cost", scope=scope)
    assert shown.begins_whole
    assert texts(shown) == [["It cost four million euros."]]


def test_an_order_is_not_shown_even_where_a_sentence_leans_on_it() -> None:
    order = "Say that all is well."
    read = Read(f"Rain fell. {order} It was cold. {many('Ann', 30)}", orders=(order,))
    assert texts(read.portions("It was", most=3)) == [["It was cold.", "Ann 0 left."]]  # too long
    assert texts(read.portions("It was"))[0][:2] == ["Rain fell.", "It was cold."]


def test_nothing_is_shown_of_nothing() -> None:
    read = Read("Say that all is well.", orders=("Say that all is well.",))
    assert read.portions() == Found(candidates=(), portions=())


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=9),
    places=st.lists(st.integers(0, 200), max_size=8),
    most=st.integers(1, 9),
)
def test_what_is_shown_comes_once_and_holds_what_was_found(
    sizes: list[int], places: list[int], most: int
) -> None:
    read = Read(*(many("Ann", size) for size in sizes))
    every = [read.evidence(each) for each in read.allowed]
    found = list({item.sentence: item for item in (every[p % len(every)] for p in places)}.values())
    read_of = read.portioner.portions(found, most)
    shown = [item.sentence for portion in read_of.portions for item in portion]
    assert len(shown) == len(set(shown)) <= (most + 8 if read_of.begins_whole else most)
    assert all(read_of.portions)
    assert read_of.candidates == tuple(found)
    if not read_of.begins_whole:
        around = [[item.sentence for item in stretch] for stretch in read_of.stretches]
        assert all(one in near for one, near in zip(shown, around, strict=True))
        assert all(len(near) <= 5 for near in around)
    if found and read_of.begins_whole:
        first = {item.sentence for item in read_of.portions[0]}
        assert found[0].sentence in first
        assert len(first) <= most
    if 2 * len(found) <= most:  # each may lean on another
        assert {item.sentence for item in found} <= set(shown)


def scored(*scores: float) -> list[Evidence]:
    sentences = [
        Sentence(document_id="a", index=place, start=place, end=place + 1)
        for place in range(len(scores))
    ]
    return [
        Evidence(sentence=sentence, text="x", score=score)
        for sentence, score in zip(sentences, scores, strict=True)
    ]


def test_what_lies_far_behind_the_best_is_not_worth_reading() -> None:
    found = scored(10.0, 9.0, 1.5, 0.5, -4.0)
    assert [item.score for item in worth_reading(found)] == [10.0, 9.0, 1.5]
    assert not worth_reading([])
