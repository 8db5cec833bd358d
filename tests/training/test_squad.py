import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "training"))

from squad import load_squad  # noqa: E402

TEXT = "The ferry sank on Monday. Captain Dahl slept, says the owner."


def asked(question: str, answer: str = "") -> dict[str, object]:
    told = [{"text": answer, "answer_start": TEXT.index(answer)}] if answer else []
    return {"question": question, "answers": told, "is_impossible": not answer}


def test_a_paragraph_is_an_article_with_its_questions(tmp_path: Path) -> None:
    paragraphs = [
        {
            "context": TEXT,
            "qas": [
                asked("When did it sink?", "Monday"),
                asked(" Who slept?", "Dahl"),
                asked("When did it burn?"),
                asked("What spans two sentences?", "Monday. Captain"),
            ],
        }
    ]
    data = [{"title": "A_ferry", "paragraphs": paragraphs}, {"title": "Else", "paragraphs": []}]
    file = tmp_path / "train.json"
    file.write_text(json.dumps({"data": data}), encoding="utf-8")
    (article,) = load_squad(file, ["A_ferry"])
    assert (article.name, article.title) == ("squad2:A_ferry:0", "A ferry")
    assert article.sentences == ("The ferry sank on Monday.", "Captain Dahl slept, says the owner.")
    assert [(each.text, each.gold) for each in article.questions] == [
        ("When did it sink?", ((0,),)),
        ("Who slept?", ((1,),)),
        ("When did it burn?", ()),
    ]
