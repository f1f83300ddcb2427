"""`corpus list`, `show`, `edit` and `remove`: single articles."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson
from agent.cli.output import Terminal
from agent.cli.wording import counted, dated
from agent.errors import InvalidInput

ArticleId = Annotated[str, typer.Argument(metavar="ARTICLE", help="The article's id, as `corpus list` prints it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list")(list_articles)
    app.command("show")(show)
    app.command("edit")(edit)
    app.command("remove")(remove)


def list_articles(
    tag: Annotated[str | None, typer.Option("--tag", help="Only articles with this tag.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the articles of the corpus by publisher and title.

    \b
    Examples:
      assess-role corpus list --json
      assess-role corpus list --tag clippings
    """
    from agent.cli.opening import open_corpus
    from agent.cli.views import table, tier_words

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as opened:
        found = [a for a in opened.corpus.articles() if tag is None or tag.casefold() in a.meta.tags]
        found.sort(key=lambda a: (a.meta.publisher.casefold(), a.meta.title.casefold(), a.id))
        if as_json:
            items = [{"article": a.id, **a.meta.model_dump(mode="json")} for a in found]
            terminal.document({"ok": True, "items": items})
        elif found:
            rows = [(a.id, dated(a.meta.date), tier_words(a.meta), a.meta.publisher, a.meta.title) for a in found]
            terminal.data(table(("ID", "DATE", "TIER", "PUBLISHER", "TITLE"), rows, flexible=("PUBLISHER", "TITLE")))
        else:
            terminal.words("No article fits.")


def show(
    article: Annotated[str, typer.Argument(metavar="ID", help="An article's id, or a passage's.")],
    as_json: AsJson = False,
) -> None:
    """Show an article: metadata, versions, copies, passages.

    With a passage's id, also of one that has left the search: the passage in the text it was cut from.

    \b
    Example:
      assess-role corpus show a-0123456789ab
    """
    from agent.cli.opening import open_corpus
    from agent.cli.views import passage_in_text, passages_view

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as opened:
        store = opened.corpus.store
        if article.startswith("p-"):
            passage, (text, start, end) = store.passages([article])[0], store.text_around(article)
            active = article in {part.id for part in store.passages_of(passage.article)}
            if as_json:
                document = passage.model_dump(mode="json")
                terminal.document({"ok": True, **document, "active": active, "article_text": text})
            else:
                passage_in_text(passage, text, start, end, active=active)
            return
        found = store.article(article)
        active = article in store.content_hashes()
        parts = store.passages_of(article)
        versions, copies = store.versions(article), store.copies(article)
        edited = sorted(store.edits().get(article, {}))
        if as_json:
            terminal.document(
                {
                    "ok": True,
                    "article": found.id,
                    **found.meta.model_dump(mode="json"),
                    "active": active,
                    "edited": edited,
                    "copies": copies,
                    "versions": [{"content_hash": content, "added_at": at} for content, at in versions],
                    "passages": [p.model_dump(mode="json", exclude={"meta", "article"}) for p in parts],
                }
            )
            return
        for name, value in found.meta.model_dump(mode="json").items():
            if name != "assumed" and value not in (None, []):
                marks = [*(["assumed"] if name in found.meta.assumed else []), *(["edited"] if name in edited else [])]
                suffix = f" ({', '.join(marks)})" if marks else ""
                terminal.data(f"{name}: {_words(value)}{suffix}")
        terminal.data(f"{counted(len(versions), 'version')}, the newest of {versions[-1][1]}")
        if copies:
            terminal.data(f"counts as one source with {', '.join(copies)}")
        if not active:
            terminal.data("has left the corpus; what cites it can still be shown")
        terminal.data("")
        passages_view(parts)


def edit(
    article: ArticleId,
    title: Annotated[str | None, typer.Option("--title")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher")] = None,
    author: Annotated[str | None, typer.Option("--author")] = None,
    date: Annotated[str | None, typer.Option("--date", help="YYYY, YYYY-MM, YYYY-MM-DD or unknown.")] = None,
    tier: Annotated[int | None, typer.Option("--tier", min=1, max=4, help="1 primary data ... 4 opinion.")] = None,
    interested: Annotated[
        bool | None, typer.Option("--interested/--not-interested", help="The publisher sells what the text praises.")
    ] = None,
    licence: Annotated[str | None, typer.Option("--licence", help="What the source says about its use.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="The article's tags from now on; may be given again.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Correct what is known of an article. A later `corpus add` of its file keeps the correction.

    \b
    Examples:
      assess-role corpus edit a-0123456789ab --date 2026-03-01 --tier 2
      assess-role corpus edit a-0123456789ab --tag wages --tag survey
    """
    from agent.cli.opening import open_corpus
    from agent.evidence.metadata import is_day_or_part
    from agent.schemas.text import one_line

    terminal = Terminal(as_json=as_json)
    texts = {"title": title, "publisher": publisher, "author": author, "date": date, "licence": licence}
    changes: dict[str, object] = {name: one_line(value) for name, value in texts.items() if value is not None}
    changes |= {name: value for name, value in {"tier": tier, "interested": interested}.items() if value is not None}
    if tag is not None:
        changes["tags"] = sorted({one_line(word).casefold() for word in tag} - {""})
    with terminal.outcome():
        if not changes:
            raise InvalidInput("Nothing to change was given.", hint="See `assess-role corpus edit --help`.")
        if date is not None and date != "unknown" and not is_day_or_part(date):
            raise InvalidInput(f"`--date` is {date!r}: expected YYYY, YYYY-MM, YYYY-MM-DD or unknown.")
    with open_corpus(terminal) as opened:
        after = opened.corpus.edit(article, changes)
        if as_json:
            terminal.document({"ok": True, "article": after.id, **after.meta.model_dump(mode="json")})
        else:
            terminal.data(f"{after.id} changed: {', '.join(sorted(changes))}")


def remove(article: ArticleId, as_json: AsJson = False) -> None:
    """Take an article out of the search. What cites it can still be shown.

    It comes back when its file or address is added again, also with its folder.

    \b
    Example:
      assess-role corpus remove a-0123456789ab
    """
    from agent.cli.opening import open_corpus

    terminal = Terminal(as_json=as_json)
    with open_corpus(terminal) as opened:
        opened.corpus.remove(article)
        if as_json:
            terminal.document({"ok": True, "removed": article})
        else:
            terminal.data(f"removed {article}")
            terminal.words("It comes back when its file or address is added again, also with its folder.")


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
