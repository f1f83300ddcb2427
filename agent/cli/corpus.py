"""`corpus`: the articles that evidence is taken from."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli import corpus_add, corpus_articles, corpus_coverage
from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import ThresholdMissed

app = typer.Typer(
    help="The evidence articles: add, search, correct, check.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
corpus_add.register(app)
corpus_articles.register(app)
corpus_coverage.register(app)


@app.command("search")
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many passages at most.")] = 8,
    since: Annotated[str | None, typer.Option("--since", help="Only articles dated from then: YYYY[-MM[-DD]].")] = None,
    tier: Annotated[
        list[int] | None, typer.Option("--tier", min=1, max=4, help="Only this source tier; may be given again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search the corpus as an assessment does.

    By words and by meaning; from its third passage on, an article counts less.

    \b
    Examples:
      assess-role corpus search "data engineer job postings"
      assess-role corpus search "Copilot productivity" --tier 1 --since 2025-01-01
    """
    from agent.cli.opening import open_corpus
    from agent.cli.views import passages_view
    from agent.evidence.asked import ask, check_query, found_items

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        check_query(query)
    with open_corpus(terminal) as opened:
        found = ask(opened.corpus, query, limit=limit, since=since, tiers=tier or ())
        if as_json:
            terminal.document({"ok": True, "items": found_items(found)})
        elif found:
            passages_view([f.passage for f in found], copies=[len(f.copies) for f in found])
        else:
            terminal.words("No passage fits.")


@app.command("reindex")
def reindex(as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Build the index anew.

    Embeds what lacks a vector of the present embedding model.

    \b
    Example:
      assess-role corpus reindex
    """
    from agent.cli.opening import open_corpus

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with open_corpus(terminal, bundled=False) as opened:
        with terminal.bar() as bar:
            embedded = opened.corpus.reindex(progress=bar)
        if as_json:
            terminal.document({"ok": True, "embedded": embedded})
        else:
            terminal.data(f"{counted(embedded, 'passage')} embedded, index rebuilt")


@app.command("check")
def check(as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Compare store and index.

    Every passage has to be in its place and found by its own vector. Changes nothing. Exit code 6
    when something is wrong; `corpus reindex` mends what can be derived.

    \b
    Example:
      assess-role corpus check
    """
    from agent.cli.opening import open_corpus
    from agent.evidence.check import check_corpus

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with open_corpus(terminal) as opened:
        with terminal.bar() as bar:
            found = check_corpus(opened.corpus, progress=bar)
        if found.problems:
            raise ThresholdMissed(
                f"{counted(len(found.problems), 'thing')} wrong with the corpus: {'; '.join(found.problems)}",
                hint="Run `assess-role corpus reindex`, then check again.",
            )
        share = None if found.self_query is None else round(found.self_query, 4)
        counts = {"articles": found.articles, "passages": found.passages, "segments": found.segments}
        if as_json:
            terminal.document({"ok": True, **counts, "self_query": share, "problems": []})
        else:
            terminal.data(
                f"{counted(found.articles, 'article')}, {counted(found.passages, 'passage')}, "
                f"{counted(found.segments, 'index segment')}: store and index agree"
                + (f"; {share:.1%} of a sample found by its own vector" if share is not None else "")
            )
