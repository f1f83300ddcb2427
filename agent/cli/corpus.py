"""`corpus`: the articles that evidence is taken from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal
from agent.cli.wording import counted, dated
from agent.errors import InvalidInput

app = typer.Typer(
    help="Add, list, search, remove and reindex the evidence articles.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("add")
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Markdown files, or folders of them.")],
    without_bundled: Annotated[
        bool, typer.Option("--without-bundled", help="In an empty home: start without the bundled articles.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Add or update articles: all of them, or on any problem none.

    \b
    Example:
      assess-role corpus add clippings/
    """
    from agent.cli.session import open_corpus

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with open_corpus(terminal, bundled=not without_bundled) as corpus:
        report = corpus.add(paths, progress=lambda step, done, total: terminal.progress(step, f"{done} of {total}"))
        if without_bundled:
            corpus.leave_out_bundled()
        if as_json:
            changes = {name: list(getattr(report, name)) for name in ("added", "updated", "unchanged")}
            terminal.document({"ok": True, **changes, "passages": report.passages, "embedded": report.embedded})
        else:
            terminal.data(
                f"{len(report.added)} added, {len(report.updated)} updated, {len(report.unchanged)} unchanged; "
                f"{counted(report.passages, 'passage')}, {report.embedded} embedded"
            )


@app.command("list")
def list_articles(as_json: AsJson = False) -> None:
    """List the articles of the corpus by publisher and title.

    \b
    Example:
      assess-role corpus list --json
    """
    from agent.cli.session import open_corpus
    from agent.cli.views import table

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as corpus:
        found = sorted(corpus.articles(), key=lambda a: (a.meta.publisher.casefold(), a.meta.title.casefold(), a.id))
        if as_json:
            items = [{"article": a.id, **a.meta.model_dump(mode="json")} for a in found]
            terminal.document({"ok": True, "items": items})
        else:
            rows = [(a.id, dated(a.meta.date), str(a.meta.tier), a.meta.publisher, a.meta.title) for a in found]
            terminal.data(table(("ID", "DATE", "TIER", "PUBLISHER", "TITLE"), rows, flexible=("PUBLISHER", "TITLE")))


@app.command("search")
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What to look for.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many passages at most.")] = 8,
    since: Annotated[str | None, typer.Option("--since", help="Only articles dated from this day: YYYY-MM-DD.")] = None,
    tier: Annotated[
        list[int] | None, typer.Option("--tier", min=1, max=4, help="Only this source tier; may be given again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Search the corpus as the assessor does: by words and by meaning, at most two passages an article.

    \b
    Examples:
      assess-role corpus search "data engineer job postings"
      assess-role corpus search "Copilot productivity" --tier 1 --since 2025-01-01
    """
    from agent.cli.session import open_corpus
    from agent.cli.views import passages_view

    terminal = Terminal(as_json=as_json)
    with terminal.outcome():
        if not any(character.isalnum() for character in query):
            raise InvalidInput(
                f"The query {query!r} has no word in it.", hint='Try: assess-role corpus search "data engineer"'
            )
    with open_corpus(terminal) as corpus:
        found = corpus.search([query], limit=limit, since=since, tiers=frozenset(tier) if tier else None)
        if as_json:
            items = [
                {
                    "passage": f.passage.id,
                    "article": f.passage.article,
                    "title": f.passage.meta.title,
                    "publisher": f.passage.meta.publisher,
                    "date": f.passage.meta.date,
                    "tier": f.passage.meta.tier,
                    "text": f.passage.text,
                    "score": f.score,
                }
                for f in found
            ]
            terminal.document({"ok": True, "items": items})
        elif found:
            passages_view([f.passage for f in found])
        else:
            terminal.words("No passage fits.")


@app.command("remove")
def remove(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="The article's id, as `corpus list` prints it.")],
    as_json: AsJson = False,
) -> None:
    """Take an article out of the search. What cites it can still be shown.

    \b
    Example:
      assess-role corpus remove a-0123456789ab
    """
    from agent.cli.session import open_corpus

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as corpus:
        corpus.remove(article)
        if as_json:
            terminal.document({"ok": True, "removed": article})
        else:
            terminal.data(f"removed {article}")


@app.command("reindex")
def reindex(as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Embed what lacks a vector of the present embedding model and build the index anew.

    \b
    Example:
      assess-role corpus reindex
    """
    from agent.cli.session import open_corpus

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with open_corpus(terminal, bundled=False) as corpus:
        embedded = corpus.reindex(progress=lambda step, done, total: terminal.progress(step, f"{done} of {total}"))
        if as_json:
            terminal.document({"ok": True, "embedded": embedded})
        else:
            terminal.data(f"{counted(embedded, 'passage')} embedded, index rebuilt")
