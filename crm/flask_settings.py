"""What our settings mean to Flask, its extensions and the log."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import structlog

from config import Settings


def flask_config(settings: Settings) -> dict[str, Any]:
    """Flask's and its extensions' settings; the defaults that are not safe are overridden."""
    public = settings.public_url or ""
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "PUBLIC_URL": public,
        "ZONE": settings.zone,
        "DEMO": settings.demo,
        "FISCAL_YEAR_START_MONTH": settings.fiscal_year_start_month,
        "MAX_CONTENT_LENGTH": settings.max_body_bytes,
        "LARGE_BODIES": {"/imports/new": 200 * 1024 * 1024 + 500_000},
        "MAX_FORM_MEMORY_SIZE": settings.max_body_bytes,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": public.startswith("https://"),
        "SESSION_COOKIE_NAME": "engawa",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_SSL_STRICT": False,
        "RATELIMIT_STORAGE_URI": "memory://",
        "RATELIMIT_HEADERS_ENABLED": True,
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_DEFAULT_TIMEZONE": settings.time_zone,
        "TESTING": settings.testing,
        "RAISE_CRASHES": settings.testing,
        "API_TITLE": "Engawa",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.sqlite:
        return {"connect_args": {"timeout": 30, "check_same_thread": False}}
    return {
        "pool_size": 20,
        "max_overflow": 20,
        # The connection used last has the most statements prepared.
        "pool_use_lifo": True,
        "connect_args": {"connect_timeout": 5, "options": "-c jit=off"},
    }


def start_logs(settings: Settings) -> None:
    """One JSON line per event on standard output, times in UTC."""
    level = logging.CRITICAL if settings.testing else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
