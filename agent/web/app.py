"""The application: rooms put together, every request guarded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from agent.web import api, edit_pages, published, queue_pages, review_pages, signing
from agent.web.desk import Desk
from agent.web.failures import answer_failures
from agent.web.guarding import Guard

SCRIPT = "text/javascript; charset=utf-8"
STATIC = {"app.css": "text/css; charset=utf-8", "app.js": SCRIPT, "review.js": SCRIPT}


def application(desk: Desk, *, hosts: frozenset[str]) -> FastAPI:
    """The server's application. `hosts` are the names, with the port, that it may be asked for by."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        desk.worker.start()
        yield
        desk.worker.stop()

    app = FastAPI(
        title="assess-role",
        description="The review queue: what waits, what it rests on, and decisions about exactly what was shown.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.desk = desk
    answer_failures(app)
    for room in (signing, queue_pages, review_pages, edit_pages, published, api):
        app.include_router(room.router)

    @app.get("/static/{name}", include_in_schema=False)
    def static(request: Request, name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404, "There is no such file.")
        content = files("agent.web").joinpath("static", name).read_bytes()
        return Response(content, media_type=STATIC[name], headers={"cache-control": "no-cache"})

    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Guard, hosts=hosts)
    return app
