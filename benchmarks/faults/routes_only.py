"""The desk's routes behind the gate without Streamlit, which starts in a second: `python -m ... PORT`."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from coding.desk.routes import ROUTES
from coding.people.gate import Gate


def health(_: Request) -> Response:
    """As Streamlit's own address answers."""
    return PlainTextResponse("ok")


def main() -> None:
    """Serve until the process is killed."""
    routes = [*ROUTES, Route("/_stcore/health", health)]
    gate = Middleware(Gate, allowed_hosts=("localhost", "127.0.0.1"))
    uvicorn.run(Starlette(routes=routes, middleware=[gate]), host="127.0.0.1", port=int(sys.argv[1]), log_level="error")


if __name__ == "__main__":
    main()
