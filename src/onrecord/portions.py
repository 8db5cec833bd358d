"""Found evidence -> the portions in which a reader is shown it, whole texts where they are short.

A reader understands a sentence by those around it, and a text that is shown in the same way again
is evaluated once. So a short corpus is shown whole. A longer one is cut into texts, documents or
parts of them, and of a few texts the likeliest is shown whole; what was found elsewhere comes
behind it, where that does not settle the question. Of a large corpus no two questions are shown the
same, and what is shown has to be little: first, what was found first, between its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, pairwise
from math import ceil

from onrecord.corpus import Corpus
from onrecord.types import EVERYTHING, Evidence, Passage, Scope, Sentence, Value
from onrecord.words import leans

_SHORT = 10_000  # characters, some 2,500 tokens: what a reader takes in at once
_FEW = 8  # texts, of which each will be asked about again
_BESIDE = 8  # sentences that have room behind a text that is shown whole, at least
_FIRST = 3  # of what was found: mostly one of them answers, and reading is most of the wait
_NEXT = 1  # sentence on either side of what was found first: half of the time no more is read
_FAR = 9.0  # of retrieval's score: what lies so far behind the best is hardly ever an answer
_AROUND = 2  # sentences on either side of one: what it speaks of mostly stands there


class Found(Value):
    """What a question has brought up.

    Attributes:
        candidates: The most promising sentences, best first.
        portions: Those, and what helps to understand them, in the portions in which they are read:
            the second only where the first does not settle the question. None of them is empty,
            and no sentence comes twice.
        begins_whole: Whether the first portion is a whole text, which others are shown too.
        stretches: Where it is none: of each sentence in the portions, what stands around it.
    """

    candidates: tuple[Evidence, ...]
    portions: tuple[tuple[Evidence, ...], ...]
    begins_whole: bool = False
    stretches: tuple[tuple[Evidence, ...], ...] = ()


def worth_reading(found: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return those of a search's sentences that come near enough to the first, its best.

    Of large corpora this leaves out every other one, and of the sentences that answer, one in 200.
    """
    return tuple(item for item in found if item.score > found[0].score - _FAR)


class Portioner:
    """Says what of a corpus a reader is shown.

    Args:
        corpus: Where the sentences stand.
        sentences: Those that may be shown, in the order of their documents.
        evidence: Makes evidence of a sentence that was not found.
    """

    def __init__(
        self,
        corpus: Corpus,
        sentences: Sequence[Sentence],
        evidence: Callable[[Sentence], Evidence],
    ) -> None:
        self._corpus = corpus
        self._evidence = evidence
        self._may_be_shown = set(sentences)
        by_document = groupby(sentences, lambda each: each.document_id)
        self._documents = [tuple(document) for _, document in by_document]

    def whole_texts(self, most: int) -> tuple[Scope, ...]:
        """Return what is shown whole: the corpus, or texts of it, or nothing.

        Args:
            most: Sentences of a whole text.
        """
        return tuple(map(self._scope_of, self._texts(EVERYTHING, most)))

    def portions(self, found: Sequence[Evidence], most: int, scope: Scope = EVERYTHING) -> Found:
        """Return what was found, and what helps to understand it.

        Args:
            found: The most promising sentences, best first.
            most: Sentences of a whole text, or of all portions where there is none.
            scope: What is asked about.
        """
        known = {item.sentence: item for item in found}
        whole = self._whole(found, most, scope)
        if whole:
            wanted = [whole, self._understood(found, scope)]
            most = max(most, len(whole) + _BESIDE)
            portions = tuple(self._each_once(wanted, known, most))
            return Found(candidates=tuple(found), portions=portions, begins_whole=True)
        begun = [near for item in found[:1] for near in self._with_next(item.sentence, scope)]
        parts = (found[1:_FIRST], found[_FIRST:])
        wanted = [begun, *(self._understood(part, scope) for part in parts)]
        portions = tuple(self._each_once(wanted, known, most))
        stretches = (self._around(item.sentence, scope, _AROUND) for item in chain(*portions))
        return Found(
            candidates=tuple(found),
            portions=portions,
            stretches=tuple(tuple(self._shown(stretch, known)) for stretch in stretches),
        )

    def _whole(self, found: Sequence[Evidence], most: int, scope: Scope) -> Sequence[Sentence]:
        """Return the likeliest of the texts that are shown whole; nothing where that is none."""
        texts = self._texts(scope, most)
        likely = (text for text in texts if not found or found[0].sentence in text)
        return next(likely, ())

    def _texts(self, scope: Scope, most: int) -> Sequence[Sequence[Sentence]]:
        """Return the texts that are shown whole: what is asked about is one, or it is cut."""
        documents = self._documents
        if scope != EVERYTHING:
            documents = [tuple(filter(scope.covers, document)) for document in documents]
        if sum(map(len, documents)) > _FEW * most:
            return ()
        everything = tuple(chain(*documents))
        if _is_short(everything, most):
            return (everything,) if everything else ()
        texts = [text for document in documents for text in _cut(document, most)]
        return [text for text in texts if _is_short(text, most)] if len(texts) <= _FEW else ()

    def _scope_of(self, text: Sequence[Sentence]) -> Scope:
        if len(text) == len(self._may_be_shown):
            return EVERYTHING
        first, last = text[0], text[-1]
        passage = Passage(document_id=first.document_id, start=first.start, end=last.end)
        return Scope(passage=passage)

    def _understood(self, found: Sequence[Evidence], scope: Scope) -> Sequence[Sentence]:
        """Return sentences, and those before them that they lean on."""
        before = (self._corpus.before(item.sentence) for item in found if leans(item.text))
        shown = (each for each in before if each in self._may_be_shown and scope.covers(each))
        return [*(item.sentence for item in found), *shown]

    def _with_next(self, sentence: Sentence, scope: Scope) -> Iterator[Sentence]:
        """Yield a sentence, and those next to it."""
        yield sentence
        yield from self._around(sentence, scope, _NEXT)

    def _around(self, sentence: Sentence, scope: Scope, reach: int) -> Iterator[Sentence]:
        """Yield what stands around a sentence in its document, itself among it."""
        document = self._corpus.sentences[sentence.document_id]
        near = document[max(0, sentence.index - reach) : sentence.index + reach + 1]
        yield from (each for each in near if each in self._may_be_shown and scope.covers(each))

    def _shown(
        self, sentences: Iterable[Sentence], known: Mapping[Sentence, Evidence]
    ) -> Iterator[Evidence]:
        """Yield sentences as evidence; those that were found have their scores."""
        yield from (known.get(each) or self._evidence(each) for each in sentences)

    def _each_once(
        self, wanted: Iterable[Iterable[Sentence]], known: Mapping[Sentence, Evidence], most: int
    ) -> Iterator[tuple[Evidence, ...]]:
        shown: set[Sentence] = set()
        for part in wanted:
            new = [each for each in dict.fromkeys(part) if each not in shown][: most - len(shown)]
            shown.update(new)
            if new:
                yield tuple(self._shown(new, known))


def _cut(document: Sequence[Sentence], most: int) -> Iterator[Sequence[Sentence]]:
    """Yield a document in as few parts as will do, each with as many sentences as the others."""
    parts = max(1, ceil(len(document) / most), ceil(_length(document) / _SHORT))
    bounds = [len(document) * part // parts for part in range(parts + 1)]
    yield from (document[start:end] for start, end in pairwise(bounds) if start < end)


def _is_short(text: Sequence[Sentence], most: int) -> bool:
    return len(text) <= most and _length(text) <= _SHORT


def _length(text: Sequence[Sentence]) -> int:
    return sum(each.end - each.start for each in text)
