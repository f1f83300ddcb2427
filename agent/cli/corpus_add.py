"""`corpus add`: files, folders and addresses into the corpus."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, Quiet
from agent.cli.output import Terminal
from agent.errors import InvalidInput

_FORMATS = "Markdown, text, HTML, PDF, DOCX, EPUB, e-mail, JSON, JSONL, CSV, WARC, ZIP"
AGAIN = "Type the same command again to go on; what was embedded is kept."
WATCHED = "Stopped watching; what was added stays."
_Tier = Annotated[int | None, typer.Option("--tier", min=1, max=4, help="1 primary data ... 4 opinion or unsourced.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("add")(add)


def add(
    sources: Annotated[
        list[str], typer.Argument(metavar="PATH|URL...", help=f"Files, folders, addresses: {_FORMATS}.")
    ],
    publisher: Annotated[str | None, typer.Option("--publisher", help="The publisher of all of them.")] = None,
    author: Annotated[str | None, typer.Option("--author", help="The author of all of them.")] = None,
    date: Annotated[str | None, typer.Option("--date", help="When all of them were published: YYYY[-MM[-DD]].")] = None,
    tier: _Tier = None,
    interested: Annotated[
        bool | None, typer.Option("--interested/--not-interested", help="The publisher sells what the text praises.")
    ] = None,
    licence: Annotated[str | None, typer.Option("--licence", help="What the sources say about their use.")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A keyword of yours; may be given again.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="FIELD=COLUMN", help="Where an export holds text, title, url, date, ..."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come in, and change nothing.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on and add what changes in a folder, until Ctrl-C.")
    ] = False,
    ask: Annotated[
        bool, typer.Option("--ask/--no-ask", help="Ask at a terminal for publisher, author, date and tier.")
    ] = True,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch from private and loopback addresses too.")
    ] = False,
    without_bundled: Annotated[
        bool, typer.Option("--without-bundled", help="In an empty home: start without the bundled articles.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Add or update articles from files, folders and addresses.

    What cannot be read is named and left out; what is unchanged is not read again. Interrupted, it
    keeps what was embedded: the same command goes on from there.

    \b
    Examples:
      assess-role corpus add clippings/
      assess-role corpus add report.pdf --publisher Ministry --date 2026
      assess-role corpus add https://example.org/article
      assess-role corpus add export.csv --column text=body --dry-run
      assess-role corpus add clippings/ --watch
    """
    from agent.cli.adding import Work, ask_person
    from agent.cli.opening import open_corpus
    from agent.evidence.document import ReadOptions
    from agent.evidence.ingest import AddOptions
    from agent.evidence.metadata import Stated, nobody

    terminal = Terminal(as_json=as_json, quiet=quiet)
    with terminal.outcome():
        _check(sources, date, watch=watch, dry_run=dry_run, as_json=as_json)
        columns = _columns(column or [])
    options = AddOptions(
        read=ReadOptions(columns=columns),
        stated=Stated(publisher, author, date, tier, interested, licence, tuple(tag or ())),
        ask=ask_person if ask and terminal.interactive and not (dry_run or watch) else nobody,
    )
    again = WATCHED if watch else AGAIN
    with open_corpus(terminal, bundled=not (without_bundled or dry_run), embeds=not dry_run, again=again) as opened:
        work = Work(
            terminal, opened, options, dry_run=dry_run, allow_private=allow_private, without_bundled=without_bundled
        )
        if watch:
            work.watch(sources)
        else:
            work.once(sources)


def _check(sources: list[str], date: str | None, *, watch: bool, dry_run: bool, as_json: bool) -> None:
    from agent.cli.adding import is_url, named
    from agent.evidence.metadata import is_day_or_part

    paths = [named(source) for source in sources if not is_url(source)]
    if date is not None and not is_day_or_part(date):
        raise InvalidInput(f"`--date` is {date!r}: expected YYYY, YYYY-MM or YYYY-MM-DD.")
    if watch and (dry_run or as_json):
        raise InvalidInput("`--watch` goes neither with `--dry-run` nor with `--json`.")
    if watch and any(is_url(source) for source in sources):
        raise InvalidInput("An address cannot be watched: `--watch` takes folders.")
    if watch and not all(path.is_dir() for path in paths):
        raise InvalidInput("A single file cannot be watched: `--watch` takes folders.", hint="Name the file's folder.")


def _columns(given: list[str]) -> dict[str, str]:
    fields = ("text", "title", "publisher", "author", "date", "url", "licence", "tags")
    wrong = [pair for pair in given if pair.partition("=")[0] not in fields or not pair.partition("=")[2]]
    if wrong:
        raise InvalidInput(
            f"`--column {wrong[0]}` is no mapping: expected FIELD=COLUMN with a field of {', '.join(fields)}.",
            hint="For example: --column text=body --column title=headline",
        )
    return {pair.partition("=")[0]: pair.partition("=")[2] for pair in given}
