from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord import corpus
from onrecord.corpus import fingerprint, load_corpus, read_document
from onrecord.errors import CorpusError
from onrecord.sentences import split_sentences
from onrecord.types import Document

ODD_TEXT = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(" \n\t\r.?!…“”\"'‘’-#|>*1)(")), max_size=300
)


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def texts(text: str) -> list[str]:
    document = Document(id="d", title="", text=text)
    return [text[s.start : s.end] for s in split_sentences(document)]


@given(ODD_TEXT)
def test_sentences_are_ordered_trimmed_slices_of_the_text(text: str) -> None:
    behind = 0
    for place, sentence in enumerate(split_sentences(Document(id="d", title="", text=text))):
        words = text[sentence.start : sentence.end]
        assert sentence.index == place
        assert behind <= sentence.start < sentence.end <= len(text)
        assert words == words.strip()
        behind = sentence.end


@given(ODD_TEXT)
def test_no_word_is_lost_between_sentences(text: str) -> None:
    kept = "".join(texts(text))
    # list numbers are markers, and markers are no part of a sentence
    letters = [char for char in text if char.isalpha()]
    assert [char for char in kept if char.isalpha()] == letters


def test_the_article_has_18_sentences(article: Document) -> None:
    found = texts(article.text)
    assert len(found) == 18
    assert found[9] == "Yerevan also urged Baku to begin peace negotiations “immediately.”"
    assert found[10].startswith("Baku accepted, claiming")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "# Title\n\nIt cost $3.5 million. He left.",
            ["Title", "It cost $3.5 million.", "He left."],
        ),
        ("- one\n- two here\n\n1. first\n2) second", ["one", "two here", "first", "second"]),
        ("Mr. Smith met Gen. Lee at 5 p.m. in the U.S. capital.",) * 1
        + (["Mr. Smith met Gen. Lee at 5 p.m. in the U.S. capital."],),
        (
            "It began at 10 a.m. Tuesday. It ended at 5 p.m. The bus left.",
            ["It began at 10 a.m. Tuesday.", "It ended at 5 p.m.", "The bus left."],
        ),
        (
            "It shut at 5 p.m. Mary Lee left.",
            [
                "It shut at 5 p.m.",
                "Mary Lee left.",
            ],
        ),
        ("It was Plan B\u00a0. It failed.", ["It was Plan B\u00a0.", "It failed."]),
        (
            "It took approx. 12 days (vol. 2). The 12 came.",
            ["It took approx. 12 days (vol. 2).", "The 12 came."],
        ),
        ("A line\nthat goes on. Next.", ["A line\nthat goes on.", "Next."]),
        ("| a | b |\n|---|---|\n| 3 | 4 |", ["| a | b |", "| 3 | 4 |"]),
        ("Été à Noël… 😀 fini. Oui!", ["Été à Noël… 😀 fini.", "Oui!"]),
        ("   \n\n…\n---\n", []),
    ],
)
def test_hard_places(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_very_long_block_is_cut_and_stays_quick() -> None:
    hostile = '("“' * 40_000 + "end"
    assert "".join(texts(hostile)).endswith("end")


def test_front_matter_gives_title_and_offsets_count_from_the_body(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.md",
        "---\ntitle: My news\ndate: 2024-05-01\nsource: The Post\n---\n\nHello you.",
    )
    document = read_document(path, tmp_path)
    assert (document.title, document.date, document.source) == ("My news", "2024-05-01", "The Post")
    assert document.text == "Hello you."


@pytest.mark.parametrize(
    "head", ["---\n: [\n---\nText.", "---\njust words\n---\nText.", "---\nText."]
)
def test_what_only_looks_like_front_matter_is_text(tmp_path: Path, head: str) -> None:
    assert read_document(write(tmp_path / "a.txt", head), tmp_path).text == head


def test_titles_come_from_the_heading_or_the_file_name(tmp_path: Path) -> None:
    write(tmp_path / "plain-file_name.txt", "Text.")
    write(tmp_path / "sub" / "b.md", "# A heading\n\nText.")
    titles = {key: d.title for key, d in load_corpus(tmp_path).documents.items()}
    assert titles == {"plain-file_name.txt": "Plain File Name", "sub/b.md": "A heading"}


@pytest.mark.parametrize(
    "content", ["Wörter\r\nhier.".encode("utf-8-sig"), "Wörter\nhier.".encode("utf-16")]
)
def test_encodings_and_line_ends(tmp_path: Path, content: bytes) -> None:
    assert read_document(write(tmp_path / "a.txt", content), tmp_path).text == "Wörter\nhier."


def test_accents_and_words_are_whole_however_they_are_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Ange\u0301lique left Go\u00ad\nma\u200b.")
    assert read_document(path, tmp_path).text == "Angélique left Goma."


def test_bad_files_say_why_and_do_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path / "good.txt", "Good.")
    write(tmp_path / "empty.txt", "")
    write(tmp_path / "binary.txt", b"\x00\x01\x02" * 50)
    write(tmp_path / "ignored.png", "x")
    write(tmp_path / ".hidden" / "a.txt", "Hidden.")
    corpus = load_corpus(tmp_path)
    assert list(corpus.documents) == ["good.txt"]
    assert {Path(path).name for path in corpus.skipped} == {"empty.txt", "binary.txt"}
    assert "no words" in corpus.skipped[str(tmp_path / "empty.txt")]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "outside" / "secret.txt", "Secret.")
    write(tmp_path / "in" / "a.txt", "Text.")
    (tmp_path / "in" / "link.txt").symlink_to(secret)
    assert list(load_corpus(tmp_path / "in").documents) == ["a.txt"]


def test_nothing_to_read_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"put a document there \(\.txt, \.md, \.pdf"):
        load_corpus(tmp_path)
    with pytest.raises(CorpusError, match="ONRECORD_CORPUS"):
        load_corpus(tmp_path / "missing")


def test_a_list_mixes_files_folders_and_documents(tmp_path: Path) -> None:
    write(tmp_path / "one" / "a.txt", "A.")
    path = write(tmp_path / "b.txt", "B.")
    given_ = Document(id="c", title="C", text="C.")
    assert set(load_corpus([tmp_path / "one", path, given_]).documents) == {"a.txt", "b.txt", "c"}
    with pytest.raises(CorpusError, match="rename one"):
        load_corpus([given_, given_])


def test_the_fingerprint_changes_with_a_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "One.")
    before = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == before
    path.write_text("Other text.")
    assert fingerprint(tmp_path) != before


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Peace talks begin\nBy Anna Berg\nOn Wednesday the leaders met in Brussels.",
            ["Peace talks begin", "By Anna Berg", "On Wednesday the leaders met in Brussels."],
        ),
        (
            "The vote on the bridge was held on May\n12. It was lost by far.",
            ["The vote on the bridge was held on May\n12.", "It was lost by far."],
        ),
        ("A title\n=======\nThe vote was held.", ["A title", "The vote was held."]),
        ("To buy\n1. milk\n2. bread and\nbutter", ["To buy", "milk", "bread and\nbutter"]),
        (
            "The minister told Mr\nDahl that it was late, and left\nwithout a word.",
            ["The minister told Mr\nDahl that it was late, and left\nwithout a word."],
        ),
        (
            f"The committee was then addressed by\nAnn Lee, as https://a.example/{'x' * 60} says.",
            [
                "The committee was then addressed by\nAnn Lee, "
                f"as https://a.example/{'x' * 60} says."
            ],
        ),
    ],
)
def test_a_headline_is_no_part_of_the_first_sentence(text: str, sentences: list[str]) -> None:
    assert texts(text) == sentences


def test_a_headline_in_front_matter_may_have_a_colon(tmp_path: Path) -> None:
    head = "---\ntitle: Peace talks: what we know\ndate: 2024-05-01\n---\n"
    document = read_document(write(tmp_path / "a.md", f"{head}Hello you."), tmp_path)
    assert (document.title, document.date) == ("Peace talks: what we know", "2024-05-01")
    assert document.text == "Hello you."


def test_what_has_not_changed_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"The ferry {name} sank.")
    before = load_corpus(tmp_path)
    read: list[str] = []

    def reading(path: Path, root: Path) -> Document:
        read.append(path.name)
        return read_document(path, root)

    monkeypatch.setattr(corpus, "read_document", reading)
    (tmp_path / "b.txt").write_text("The ferry b.txt is afloat.")
    (tmp_path / "c.txt").rename(tmp_path / "d.txt")
    now = load_corpus(tmp_path, before)
    assert read == ["b.txt", "d.txt"]
    assert now == load_corpus(tmp_path)
    assert now.documents["a.txt"] is before.documents["a.txt"]


def test_a_file_that_was_refused_is_not_read_again_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("one", "two"):
        write(tmp_path / folder / "same.txt", "The ferry sank.")
    write(tmp_path / "two" / "binary.txt", b"\0")
    write(tmp_path / "two" / "held.txt", "It is afloat.")
    read: list[str] = []

    def reading(path: Path, root: Path) -> Document:
        read.append(path.name)
        if path.name == "held.txt":
            raise CorpusError("It cannot be read at present.") from OSError()
        return read_document(path, root)

    monkeypatch.setattr(corpus, "read_document", reading)
    first = load_corpus([tmp_path / "one", tmp_path / "two"])
    assert {Path(path).name for path in first.skipped} == {"same.txt", "binary.txt", "held.txt"}
    read.clear()
    again = load_corpus([tmp_path / "one", tmp_path / "two"], first)
    assert "binary.txt" not in read
    assert again == first
    now = load_corpus([tmp_path / "two"], again)
    assert [*now.documents] == ["same.txt"]  # no other file has its name any more
    assert "held.txt" in read
    write(tmp_path / "two" / "binary.txt", "It is text now.")
    now = load_corpus([tmp_path / "two"], now)
    assert "binary.txt" in now.documents
