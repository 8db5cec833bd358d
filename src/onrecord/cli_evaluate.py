"""The `onrecord eval` command and its options; what they do is in cli_eval.py."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from onrecord.cli_options import Corpus, Model


def evaluate(
    facts: Annotated[
        Path, typer.Argument(help="The known facts (JSONL), or a folder in the manner of SQuAD.")
    ] = Path("evals/article.jsonl"),
    corpus: Corpus = None,
    model: Model = None,
    split: Annotated[
        Literal["tune", "held"] | None, typer.Option(help="Ask one split alone.")
    ] = None,
    every: Annotated[
        int, typer.Option(min=1, help="Ask every Nth fact alone: a sample of the whole.")
    ] = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask the first so many alone.")] = None,
    cache: Annotated[bool, typer.Option(help="Ask nothing twice that has not changed.")] = True,
    counterfactual: Annotated[
        int,
        typer.Option(
            min=0, help="Ask so many of those answered right again, without what they cited."
        ),
    ] = 0,
    thresholds: Annotated[
        Path | None, typer.Option(help="Fail (exit code 1) below these (TOML).")
    ] = None,
    targets: Annotated[
        Path | None, typer.Option(help="Say what falls short of these (TOML), and do not fail.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Compare with this earlier report (JSON).")
    ] = None,
    fail_on_regression: Annotated[
        bool,
        typer.Option(
            "--fail-on-regression",
            help="Fail (exit code 1) when it is worse than the baseline by more than chance.",
        ),
    ] = False,
    save_json: Annotated[Path | None, typer.Option("--json", help="Write the report here.")] = None,
    as_html: Annotated[Path | None, typer.Option("--html", help="Write it as a page.")] = None,
    as_junit: Annotated[
        Path | None, typer.Option("--junit", help="Write it as JUnit XML, for a CI system.")
    ] = None,
    as_markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write a summary for a pull request.")
    ] = None,
    checking: Annotated[
        bool, typer.Option("--check", help="Check the facts against the corpus; ask nothing.")
    ] = False,
    drafted: Annotated[
        Path | None, typer.Option("--draft", help="Propose facts about this document instead.")
    ] = None,
    save_draft: Annotated[
        Path | None, typer.Option("--out", help="Write the proposed facts here, not to stdout.")
    ] = None,
) -> None:
    """Ask the known facts, and compare the answers with them.

    Exit codes: 0 passed; 1 below the thresholds, a regression, or no model; 2 bad input (facts,
    thresholds, baseline or corpus that cannot be used, or facts with faults).

    Example: `onrecord eval --thresholds evals/article.thresholds.toml --json out/eval.json`
    """
    if checking and drafted:
        raise typer.BadParameter("--check and --draft do different things: give one of them.")
    if fail_on_regression and not baseline:
        raise typer.BadParameter("--fail-on-regression compares with a report: give --baseline.")
    from onrecord import cli_eval

    subject = cli_eval.Subject(corpus=tuple(corpus or ()), model=model)
    if checking:
        code = cli_eval.check_facts(facts, subject)
    elif drafted:
        code = cli_eval.draft_facts(drafted, subject, save_draft)
    else:
        code = cli_eval.ask_facts(
            cli_eval.Asking(
                facts=facts,
                subject=subject,
                split=split,
                every=every,
                limit=limit,
                cache=cache,
                counterfactual=counterfactual,
            ),
            cli_eval.Judging(
                thresholds=thresholds, targets=targets, baseline=baseline, strict=fail_on_regression
            ),
            cli_eval.Outputs(
                json_file=save_json, html=as_html, junit=as_junit, markdown=as_markdown
            ),
        )
    raise typer.Exit(code)
