"""The options that several commands share, with one help text each, and a command that takes one role."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr.")]
Seniority = Annotated[
    str | None, typer.Option("--seniority", "-s", help='The level to assess, for example "Mid-Senior".')
]
Identifier = Annotated[
    str, typer.Argument(metavar="ID", help="The assessment's id, or an unambiguous beginning of it.")
]
Revision = Annotated[
    str, typer.Option("--revision", help="The full hash of the revision you saw: sha256:... as `show` prints it.")
]
ReviewerName = Annotated[
    str | None,
    typer.Option("--reviewer", help="Who decides; kept in the review record. Not needed with ASSESS_ROLE_TOKEN."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why, in at least 10 characters.")]
PublishDir = Annotated[
    Path | None,
    typer.Option("--publish-dir", help="Folder for published pages instead of the home folder's `published`."),
]
MaxTokens = Annotated[
    int | None, typer.Option("--max-tokens", min=1, help="Bound on input and output tokens of the whole assessment.")
]
Drafts = Annotated[
    int | None,
    typer.Option("--drafts", metavar="N", help="Draft the inputs N times independently (1 to 9) and compare them."),
]


class OneRole(TyperCommand):
    """A command whose argument is a role: one of several words has to be quoted."""

    # Typer changed whose Context this is; both have what is used here.
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Refuse more than one word, and say how the role is written."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            command = {
                "record": "assess-role record",
                "personal": "assess-role personal",
                "refresh": "assess-role refresh",
                "watch": "assess-role watch",
                "withdraw": "assess-role withdraw",
                "coverage": "assess-role corpus coverage",
                "suggest": "assess-role occupations suggest",
                "confirm": "assess-role occupations confirm",
            }.get(ctx.info_name or "", "assess-role")
            role = " ".join([str(ctx.params["role"]), *rest])
            ctx.fail(f'A role of several words needs quotes: {command} "{role}"')
        return rest
