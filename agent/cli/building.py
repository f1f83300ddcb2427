"""Building a site, and saying what is in it."""

from __future__ import annotations

from pathlib import Path

import typer

from agent.cli.output import Terminal
from agent.cli.wording import counted
from agent.errors import InvalidInput, NotFound
from agent.registry.site.address import FEED, INDEX, SITEMAP, base_address
from agent.registry.site.build import site_files
from agent.registry.site.compared import compare_roles
from agent.registry.site.place import check_target, place_site
from agent.registry.site.versions import OTHERWISE, Registry, Remark, read_registry
from agent.settings import Settings
from agent.workflow.comparing import open_comparer
from agent.workflow.lists import open_lists

WITHOUT_ADDRESS = f"No {SITEMAP} and no {FEED}: they need absolute addresses, so give the site's with --base-url."


def build_site(terminal: Terminal, settings: Settings, folder: Path, base_url: str | None) -> None:
    """Build the site of this home into `folder`. Roles are compared by the mappings that people confirmed and by the
    bundled embedding model. Raises Exit when a publication was left out, NotFound when nothing is published, and see
    `place_site`."""
    base = None if base_url is None else base_address(base_url)
    target = folder.expanduser().absolute()
    check_target(target)
    with open_lists(settings) as stores:
        rows = stores.publications.done()
    if not rows:
        raise NotFound(
            "Nothing is published yet, so there is no site to build.",
            hint="`assess-role ROLE` begins an assessment, and `assess-role queue` lists what waits for review.",
        )
    registry = read_registry(rows)
    if not registry.roles and not registry.withdrawn:
        raise _incomplete(registry, "None of the published assessments can be shown, and no site was built")
    terminal.progress("comparing", counted(len(registry.roles), "role"))
    with open_comparer(settings) as comparer:
        compared = compare_roles(registry, comparer.mapping_of())
    files = site_files(registry, compared, base)
    place_site(target, files, locks=settings.home / "locks")
    _report(terminal, registry, len(compared.ways), target, len(files), base)


def _report(
    terminal: Terminal, registry: Registry, comparisons: int, target: Path, files: int, base: str | None
) -> None:
    versions = sum(len(role.standing) for role in registry.roles)
    withdrawn = sum(len(role.withdrawals) for role in (*registry.roles, *registry.withdrawn))
    document = {
        "path": str(target),
        "roles": len(registry.roles),
        "versions": versions,
        "withdrawn": withdrawn,
        "comparisons": comparisons,
        "files": files,
        "base_url": base,
        "left_out": [_item(remark) for remark in registry.left_out],
        "notes": [_item(remark) for remark in registry.notes],
    }
    if not terminal.as_json:
        counts = [(len(registry.roles), "role"), (versions, "version")]
        counts += [(withdrawn, "withdrawn version")] if withdrawn else []
        counts += [(comparisons, "comparison"), (files, "file")]
        terminal.data(f"{', '.join(counted(*each) for each in counts)}: {target / INDEX}")
        if registry.notes:
            named = ", ".join(f"{remark.slug} v{remark.version}" for remark in registry.notes)
            terminal.words(f"note: {OTHERWISE}: page or Markdown of {named}")
        if base is None:
            terminal.words(WITHOUT_ADDRESS)
    elif not registry.left_out:
        terminal.document({"ok": True, **document})
    if registry.left_out:
        count = counted(len(registry.left_out), "publication")
        error = _incomplete(registry, f"{count} cannot be shown, and the site is without")
        terminal.failure(error, beside=document)
        raise typer.Exit(error.exit_code)


def _incomplete(registry: Registry, message: str) -> InvalidInput:
    problems = [remark.line() for remark in registry.left_out]
    return InvalidInput(
        f"{message}: {'; '.join(problems)}",
        problems=problems,
        hint="Put the files back where `assess-role published` says that they lie, then build again.",
    )


def _item(remark: Remark) -> dict[str, object]:
    return dict(remark._asdict())
