"""The one service behind terminal and web: what a revision is, who may decide what about it, and edits."""
