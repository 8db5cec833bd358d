"""What `onrecord eval` does: ask, check or draft. Its options are in cli_evaluate.py."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import wraps
from pathlib import Path
from typing import Literal, ParamSpec, TextIO

from onrecord import Assistant, Document, Settings
from onrecord.evals import (
    UNREVIEWED,
    EvalError,
    Fact,
    FactSet,
    Report,
    Verdict,
    check,
    compare,
    comparison_table,
    counterfactual,
    draft,
    html,
    junit,
    load_facts,
    load_squad,
    markdown,
    promises,
    read_report,
    run,
    save,
    sound,
    table,
)
from onrecord.terminal import BAD_INPUT, FAILED, err, make_model, opened, out, plain, progress
from onrecord.types import Value

_PASSED = 0

P = ParamSpec("P")


class Subject(Value):
    """Who is asked about what.

    Attributes:
        corpus: Folders and files; none takes the settings' own.
        model: As `Settings.model`; None takes that.
    """

    corpus: tuple[Path, ...] = ()
    model: str | None = None

    def settings(self) -> Settings:
        """Return the settings with the model that was chosen."""
        settings = Settings()
        return settings.model_copy(update={"model": self.model or settings.model})


class Asking(Value):
    """What is asked.

    Attributes:
        facts: A facts file, or a folder in the manner of SQuAD, which brings its documents.
        subject: Who is asked about what.
        split: Ask one split alone.
        every: Ask each so-manieth alone, from the first on: a sample of the whole.
        limit: Ask the first so many alone.
        cache: Whether what has not changed is not asked again.
        counterfactual: Ask so many of those answered right again, without what they cited.
    """

    facts: Path
    subject: Subject
    split: Literal["tune", "held"] | None = None
    every: int = 1
    limit: int | None = None
    cache: bool = True
    counterfactual: int = 0

    def known(self) -> tuple[FactSet, tuple[Document, ...]]:
        """Read the facts, and the documents that come with them, if any do.

        Raises:
            EvalError: They cannot be read, or there are two corpora.
        """
        documents: tuple[Document, ...] = ()
        if self.facts.is_dir():
            documents, known = load_squad(self.facts)
        else:
            known = load_facts(self.facts)
        if documents and self.subject.corpus:
            raise EvalError(
                f"{self.facts} brings its own documents, and they are the corpus. "
                "Leave --corpus out."
            )
        kept = tuple(fact for fact in known.facts if self.split in (None, fact.split))
        return known.model_copy(update={"facts": kept[:: self.every][: self.limit]}), documents


class Judging(Value):
    """What a run is held against; None is not looked at.

    Attributes:
        thresholds: A TOML file that it must keep.
        targets: A TOML file of what is aimed at.
        baseline: An earlier report (JSON).
        strict: Whether a regression fails the run.
    """

    thresholds: Path | None = None
    targets: Path | None = None
    baseline: Path | None = None
    strict: bool = False

    def verdict(self, report: Report, before: Report | None) -> Verdict:
        """Return what is to be said about a run, beside the one before.

        Raises:
            EvalError: Thresholds or targets cannot be used, or the runs share no question.
        """
        return Verdict(
            report=report,
            thresholds=promises(report, self.thresholds) if self.thresholds else (),
            targets=promises(report, self.targets) if self.targets else (),
            comparison=compare(report, before) if before else None,
            strict=self.strict,
        )


class Outputs(Value):
    """Where a run is written; None writes nothing."""

    json_file: Path | None = None
    html: Path | None = None
    junit: Path | None = None
    markdown: Path | None = None

    def write(self, verdict: Verdict) -> None:
        """Write every file that is made of a verdict.

        Raises:
            EvalError: One cannot be written.
        """
        made = ((self.html, html), (self.junit, junit), (self.markdown, markdown))
        for path, maker in made:
            if path:
                with _writing(path, "w") as file:
                    file.write(maker(verdict))


def _explained(command: Callable[P, int]) -> Callable[P, int]:
    """Make bad input a line on stderr and the exit code that says so."""

    @wraps(command)
    def explaining(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(*args, **kwargs)
        except EvalError as error:
            err.print(f"[red]{plain(str(error))}[/red]")
            return BAD_INPUT

    return explaining


@_explained
def ask_facts(asking: Asking, judging: Judging, outputs: Outputs) -> int:
    """Ask the facts, print and write what came of it, and return the exit code."""
    known, documents = asking.known()
    before = read_report(judging.baseline) if judging.baseline else None
    _warn_of_drafts(known)
    settings = asking.subject.settings()
    kept = settings.cache_dir / "eval" if asking.cache else None
    with opened(documents or asking.subject.corpus, asking.subject.model) as assistant:
        report = run(assistant, known, progress(), settings, cache=kept)
        if asking.counterfactual:
            report = _asked_without_what_was_cited(asking, assistant.documents, known, report)
    if outputs.json_file:  # before anything that may yet go wrong
        save(report, outputs.json_file)
    verdict = judging.verdict(report, before)
    _show(verdict)
    outputs.write(verdict)
    return FAILED if verdict.failures else _PASSED


@_explained
def check_facts(facts: Path, subject: Subject) -> int:
    """Print every fault of the facts, and how many are sound; return the exit code."""
    if facts.is_dir():
        faults: tuple[str, ...] = ()
        count = len(load_squad(facts)[1].facts)
    else:
        with opened(subject.corpus, subject.model) as assistant:
            faults = check(facts, assistant.documents)
        count = sound(facts, faults)
    for fault in faults:
        err.print(f"[red]{plain(fault)}[/red]")
    out.print(f"Sound facts: {count}. Faults: {len(faults)}.")
    return _PASSED if count and not faults else BAD_INPUT


@_explained
def draft_facts(path: Path, subject: Subject, save_to: Path | None) -> int:
    """Write proposed facts about a document, as they come; return the exit code."""
    with opened([path], subject.model) as assistant:
        documents = assistant.documents
    if len(documents) != 1:
        raise EvalError(f"{path} holds {len(documents)} documents. Name one file.")
    name = _id_below(path, subject.corpus or (subject.settings().corpus,))
    document = documents[0].model_copy(update={"id": name})
    with closing(make_model(subject.model, progress())) as model:
        proposed = draft(document, model, progress())
        if save_to:
            with _writing(save_to, "x") as file:
                count = _write_facts(proposed, file)
        else:
            count = _write_facts(proposed, sys.stdout)
    err.print(
        f"{count} facts were proposed, and nobody has read them. Before one counts, a person must "
        f"read it, put it right or drop it, and give it an id that does not begin {UNREVIEWED!r}."
    )
    return _PASSED


def _asked_without_what_was_cited(
    asking: Asking, documents: Sequence[Document], known: FactSet, report: Report
) -> Report:
    """Return the report with the figure that only such asking gives."""
    say = progress()
    with ExitStack() as open_ones:

        def on(left: Sequence[Document]) -> Assistant:
            say("Asking again, without what was cited", None)
            return open_ones.enter_context(opened(left, asking.subject.model))

        return counterfactual(on, documents, known, report, asking.counterfactual)


def _warn_of_drafts(known: FactSet) -> None:
    count = sum(fact.id.startswith(UNREVIEWED) for fact in known.facts)
    if count:
        err.print(f"[yellow]{count} of the facts are drafts that nobody has read yet.[/yellow]")


def _show(verdict: Verdict) -> None:
    out.print(table(verdict.report))
    if verdict.comparison:
        out.print(comparison_table(verdict.comparison))
    for miss in verdict.shortfalls:
        out.print(f"Not there yet: {plain(miss)}")
    if not verdict.strict:
        for regression in verdict.regressions:
            out.print(f"Worse than the baseline: {plain(regression)}")
    for failure in verdict.failures:
        err.print(f"[red]{plain(failure)}[/red]")


def _id_below(path: Path, corpus: Iterable[Path]) -> str:
    """Return the id that a file has in the corpus that it lies in; else its own name."""
    for root in corpus:
        if root.is_dir() and path.resolve().is_relative_to(root.resolve()):
            return path.resolve().relative_to(root.resolve()).as_posix()
    return path.name


def _write_facts(facts: Iterable[Fact], file: TextIO) -> int:
    count = 0
    for fact in facts:
        file.write(fact.model_dump_json() + "\n")
        file.flush()
        count += 1
    return count


@contextmanager
def _writing(path: Path, mode: Literal["w", "x"]) -> Iterator[TextIO]:
    """Open a file to write UTF-8 text; "x" does not write over what a person may have edited."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8", newline="\n") as file:
            yield file
    except OSError as error:
        raise EvalError(f"{path} cannot be written: {error}. Choose another file.") from error
