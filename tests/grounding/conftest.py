"""Property tests here have no deadline: a slow machine is no breach of a rule."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
