"""Say what is wrong in the files of training/articles (or in those named)."""

import sys
from pathlib import Path

from articles import FormatError, parse

KINDS = (
    "plain reworded yes_no two attribution follow_up typo near_miss false_premise off_topic".split()
)


def main() -> int:
    paths = [Path(p) for p in sys.argv[1:]] or sorted(Path(__file__).parent.glob("articles/*.txt"))
    bad = 0
    for path in paths:
        try:
            article = parse(path)
        except FormatError as error:
            bad += 1
            print(f"{path.name}: {error}")
            continue
        count = {k: sum(q.kind == k for q in article.questions) for k in KINDS}
        print(
            f"{path.name}: {len(article.sentences)} sentences, {len(article.questions)} questions,",
            f"{len(article.statements)} statements",
            {k: v for k, v in count.items() if v},
        )
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
