"""`python -m models`: tone suggestions. A file of commands is imported here and registers itself on `app`."""

from models import making  # noqa: F401  its commands register themselves
from models.commands import app

if __name__ == "__main__":
    app(prog_name="python -m models")
