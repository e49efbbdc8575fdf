"""Our app under cProfile: POST /profile starts counting, GET /profile tells."""

from __future__ import annotations

import cProfile
import io
import pstats

from flask import Flask
from flask import Response

from tests.benchmarks.apps import ours

_LINES = 40


def create_app(*, database: str, base_url: str, cookie_cache: bool) -> Flask:
    """Return our app, each call of it profiled; serve it with one thread only."""
    app = ours.create_app(
        database=database, base_url=base_url, cookie_cache=cookie_cache
    )
    profiler = cProfile.Profile()
    serve = app.wsgi_app

    def profiled(environ, start_response):  # type: ignore[no-untyped-def]
        if environ["PATH_INFO"] != "/profile":
            return profiler.runcall(serve, environ, start_response)
        text = io.StringIO()
        if environ["REQUEST_METHOD"] == "POST":
            profiler.clear()
        else:
            statistics = pstats.Stats(profiler, stream=text)
            statistics.sort_stats("tottime").print_stats(_LINES)
            statistics.sort_stats("cumulative").print_stats(_LINES)
        return Response(text.getvalue())(environ, start_response)

    app.wsgi_app = profiled  # type: ignore[method-assign]
    return app
