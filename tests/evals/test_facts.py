import json
from collections import Counter
from pathlib import Path

import pytest

from onrecord import Document
from onrecord.corpus import load_corpus
from onrecord.evals import EvalError, Fact, check, load_facts, load_squad
from onrecord.evals.facts import Span
from onrecord.evals.gold import locate
from tests.evals.eval_samples import DOCUMENT, fact, unanswerable

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT / "evals" / "article.jsonl"


def written(path: Path, *facts: Fact) -> Path:
    path.write_text("".join(f"{known.model_dump_json()}\n" for known in facts), encoding="utf-8")
    return path


def test_a_file_is_read_in_order_and_by_split(tmp_path: Path) -> None:
    path = written(tmp_path / "facts.jsonl", fact(), unanswerable(split="held"))
    both, held = load_facts(path), load_facts(path, split="held")
    assert [known.id for known in both.facts] == ["machines", "price"]
    assert held.facts == both.facts[1:]
    assert held.sha256 == both.sha256
    assert both.name == "facts.jsonl"


def test_a_line_separator_inside_a_string_is_no_new_line(tmp_path: Path) -> None:
    path = written(tmp_path / "facts.jsonl", fact(question="How\u2028many?"), unanswerable())
    assert len(load_facts(path).facts) == 2


@pytest.mark.parametrize("line", ["{", '{"id": "x"}', "[]", '{"id": "x", "colour": "red"}'])
def test_a_line_that_is_no_fact_is_named(tmp_path: Path, line: str) -> None:
    path = written(tmp_path / "facts.jsonl", fact())
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    with pytest.raises(EvalError, match=r"facts\.jsonl, line 3: "):
        load_facts(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="cannot be read"):
        load_facts(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(EvalError, match="cannot be read"):
        load_facts(tmp_path / "latin.jsonl")


def test_gold_is_located_by_quotation_or_offsets() -> None:
    known = fact(gold=[["showed her three machines", {"start": 0, "end": 3}]])
    (group,) = locate(known, {DOCUMENT.id: DOCUMENT})
    assert [DOCUMENT.text[place.start : place.end] for place in group] == [
        "showed her three machines",
        "Ada",
    ]


@pytest.mark.parametrize("quotation", ["four machines", "he"])
def test_a_quotation_stands_in_the_document_once(quotation: str) -> None:
    with pytest.raises(EvalError, match="not once"):
        locate(fact(gold=[[quotation]]), {DOCUMENT.id: DOCUMENT})


def test_a_fact_about_a_document_that_is_not_there() -> None:
    with pytest.raises(EvalError, match="corpus does not have"):
        locate(fact(), {})


def test_a_sound_file_has_no_faults(tmp_path: Path) -> None:
    path = written(tmp_path / "facts.jsonl", fact(), unanswerable())
    assert check(path, [DOCUMENT]) == ()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"answers": []}, "has answers"),
        ({"gold": [[]]}, "has gold"),
        ({"answers": [["?"]]}, "no words"),
        ({"answers": [["four"]]}, "no alias of ['four']"),
        ({"gold": [["four machines"]]}, "0 times"),
        ({"gold": [["1833. He showed her three"]]}, "touches 2 sentences"),
        ({"gold": [[{"start": 900, "end": 910}]]}, "touches 0 sentences"),
        ({"gold": [["three machines", "algebra"]]}, "no alias of ['three']"),
        ({"must_not": ["machines"]}, "forbids what the gold sentences say"),
        ({"speaker": ["Lovelace"]}, "no alias of the speaker"),
        ({"document": "other.txt"}, "corpus does not have"),
    ],
)
def test_faults_of_an_answerable_fact(
    tmp_path: Path, changes: dict[str, object], fault: str
) -> None:
    path = written(tmp_path / "facts.jsonl", unanswerable(), fact(**changes))
    (found, *_) = check(path, [DOCUMENT])
    assert found.startswith(f"{path}, line 2: ")
    assert fault in found


@pytest.mark.parametrize("polarity", [["yes"], ["no", "denied"]])
def test_yes_and_no_need_not_stand_in_the_document(tmp_path: Path, polarity: list[str]) -> None:
    path = written(tmp_path / "facts.jsonl", fact(answers=[polarity, ["three"]]))
    assert check(path, [DOCUMENT]) == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [("answers", [["one"]]), ("gold", [["Ada"]]), ("speaker", ["she"]), ("must_not", ["no"])],
)
def test_an_unanswerable_fact_knows_nothing(tmp_path: Path, field: str, value: object) -> None:
    path = written(tmp_path / "facts.jsonl", unanswerable(**{field: value}))
    assert check(path, [DOCUMENT]) == (f"{path}, line 1: an unanswerable question has no {field}",)


def test_repeated_ids_and_questions_and_broken_lines_are_all_reported(tmp_path: Path) -> None:
    path = written(tmp_path / "facts.jsonl", fact(), fact())
    path.write_text("{}\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    broken, same_id, same_question = check(path, [DOCUMENT])
    assert broken.startswith(f"{path}, line 1: id: Field required")
    assert same_id == f"{path}, line 3: the id 'machines' is already on line 2"
    assert same_question == f"{path}, line 3: the question is already on line 2"


def test_the_shipped_facts_are_sound() -> None:
    article = ROOT / "corpus" / "armenia-azerbaijan-peace-talks.txt"
    text = article.read_text(encoding="utf-8")
    assert check(ARTICLE, [Document(id=article.name, title="", text=text)]) == ()


@pytest.mark.parametrize("name", ["news", "wire"])
def test_the_facts_about_other_documents_are_sound(name: str) -> None:
    documents = load_corpus(ROOT / "evals" / name).documents
    assert check(ROOT / "evals" / f"{name}.jsonl", [*documents.values()]) == ()


def test_the_shipped_facts_are_many_and_evenly_split() -> None:
    facts = load_facts(ARTICLE).facts
    by_category = Counter(known.category for known in facts)
    by_half = Counter((known.category, known.split) for known in facts)
    assert len(facts) >= 96
    assert sum(not known.answerable for known in facts) >= 30
    assert all(by_half[name, "tune"] * 2 == count for name, count in by_category.items())
    least = {"two_sentences": 8, "attribution": 10, "follow_up": 8, "typo": 6, "reworded": 20}
    least |= {"off_topic": 10, "near_miss": 10, "false_premise": 10}
    assert all(by_category[name] >= count for name, count in least.items())


def squad(folder: Path, **question: object) -> Path:
    known: dict[str, object] = {
        "id": "q",
        "question": "How many?",
        "answers": ["three machines", "."],
        "answerable": True,
        "evidence": [{"doc_id": "ada.txt", "start": 44, "end": len(DOCUMENT.text)}],
    }
    document = {"doc_id": DOCUMENT.id, "title": DOCUMENT.title, "text": DOCUMENT.text}
    (folder / "documents.jsonl").write_text(json.dumps(document), encoding="utf-8")
    (folder / "questions.jsonl").write_text(json.dumps(known | question), encoding="utf-8")
    return folder


def test_squad_gold_is_where_an_answer_stands_in_the_evidence(tmp_path: Path) -> None:
    documents, facts = load_squad(squad(tmp_path))
    (known,) = facts.facts
    start = DOCUMENT.text.index("three machines")
    assert documents == (DOCUMENT,)
    assert known.answers == (("three machines",),)
    assert known.gold == ((Span(start=start, end=start + len("three machines")),),)


def test_squad_gold_is_all_the_evidence_where_no_answer_stands_in_it(tmp_path: Path) -> None:
    _, facts = load_squad(squad(tmp_path, answers=["machine"]))
    assert facts.facts[0].gold == ((Span(start=44, end=len(DOCUMENT.text)),),)


def test_squad_questions_without_an_answer(tmp_path: Path) -> None:
    _, facts = load_squad(squad(tmp_path, answerable=False, answers=[], evidence=None))
    (known,) = facts.facts
    assert not known.answerable
    assert known.answers == known.gold == ()
    assert locate(known, {}) == ()


def test_squad_files_that_do_not_belong_together(tmp_path: Path) -> None:
    evidence = [{"doc_id": "other.txt", "start": 0, "end": 9}]
    with pytest.raises(EvalError, match=r"questions\.jsonl, line 1"):
        load_squad(squad(tmp_path, evidence=evidence))
