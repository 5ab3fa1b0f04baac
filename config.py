"""Every setting of Engawa, read once from the environment and checked at the start."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones


class SettingError(Exception):
    """A setting is wrong; the message is one sentence for the person who starts the program."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation may choose. Times are in seconds unless the name says otherwise."""

    data_dir: Path
    database_url: str
    secret_key: str
    redis_url: str | None = None
    public_url: str | None = None
    port: int = 8000
    demo: bool = True
    time_zone: str = "Asia/Tokyo"
    language: str = "ja"
    company_name: str = ""
    fiscal_year_start_month: int = 4
    embedded_worker: bool = True
    trusted_proxies: int = 0
    max_body_bytes: int = 16 * 1024 * 1024
    max_file_bytes: int = 10 * 1024 * 1024
    webhook_networks: tuple[str, ...] = ()
    testing: bool = False

    @property
    def sqlite(self) -> bool:
        """True when everything lives in one SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone: what "today" means for contracts and reports."""
        return ZoneInfo(self.time_zone)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings, create the data directory and the secret key when they are missing.

    Raises SettingError with a sentence that names the variable.
    """
    data_dir = _data_dir(environ.get("CRM_DATA_DIR", "var"))
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environ.get("CRM_DATABASE_URL", ""), data_dir),
        secret_key=_secret_key(environ.get("CRM_SECRET_KEY"), data_dir),
        redis_url=_redis_url(environ.get("CRM_REDIS_URL")),
        public_url=_public_url(environ.get("CRM_PUBLIC_URL")),
        port=_whole(environ, "PORT", 8000, 1, 65535),
        demo=_flag(environ, "CRM_DEMO", True),
        time_zone=_time_zone(environ.get("CRM_TIME_ZONE", "Asia/Tokyo")),
        language=_choice(environ, "CRM_LANGUAGE", "ja", ("ja", "en")),
        company_name=environ.get("CRM_COMPANY_NAME", "").strip(),
        fiscal_year_start_month=_whole(environ, "CRM_FISCAL_YEAR_START_MONTH", 4, 1, 12),
        embedded_worker=_flag(environ, "CRM_EMBEDDED_WORKER", not environ.get("CRM_REDIS_URL")),
        trusted_proxies=_whole(environ, "CRM_TRUSTED_PROXIES", 0, 0, 5),
        max_body_bytes=_whole(environ, "CRM_MAX_BODY_MB", 16, 1, 1024) * 1024 * 1024,
        max_file_bytes=_whole(environ, "CRM_MAX_FILE_MB", 10, 1, 1024) * 1024 * 1024,
        webhook_networks=_networks(environ, "CRM_WEBHOOK_PRIVATE"),
    )


def _data_dir(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise SettingError(f"CRM_DATA_DIR: {path} cannot be used: {why}.") from error
    return path


def _database_url(text: str, data_dir: Path) -> str:
    if not text:
        return f"sqlite:///{data_dir / 'engawa.db'}"
    for prefix in ("postgresql://", "postgres://"):
        if text.startswith(prefix):
            return "postgresql+psycopg://" + text[len(prefix) :]
    if text.startswith(("postgresql+psycopg://", "sqlite:///")):
        return text
    raise SettingError("CRM_DATABASE_URL must begin with postgresql:// or sqlite:///.")


def _secret_key(text: str | None, data_dir: Path) -> str:
    if text is not None:
        if len(text) < 32:
            raise SettingError("CRM_SECRET_KEY must have at least 32 characters.")
        return text
    path = data_dir / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def _redis_url(text: str | None) -> str | None:
    if not text:
        return None
    if urlsplit(text).scheme not in ("redis", "rediss", "unix"):
        raise SettingError("CRM_REDIS_URL must begin with redis://, rediss:// or unix://.")
    return text


def _public_url(text: str | None) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingError("CRM_PUBLIC_URL must be an address such as https://crm.example.com.")
    return text.rstrip("/")


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise SettingError(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def _flag(environ: Mapping[str, str], name: str, default: bool) -> bool:
    text = environ.get(name, "")
    if not text:
        return default
    if text not in ("0", "1"):
        raise SettingError(f"{name} must be 0 or 1, not {text!r}.")
    return text == "1"


PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
"""The networks inside a company that CRM_WEBHOOK_PRIVATE=1 means."""


def _networks(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """`1` for the private networks, or a list such as `10.1.0.0/16, 192.168.7.9`; none else."""
    text = environ.get(name, "").strip()
    if text in ("", "0", "1"):
        return PRIVATE if text == "1" else ()
    try:
        return tuple(str(ip_network(one.strip())) for one in text.split(","))
    except ValueError as error:
        raise SettingError(
            f"{name} must be 0, 1, or networks such as 10.1.0.0/16, not {text!r}."
        ) from error


def _choice(environ: Mapping[str, str], name: str, default: str, choices: tuple[str, ...]) -> str:
    text = environ.get(name, default)
    if text not in choices:
        raise SettingError(f"{name} must be one of {', '.join(choices)}, not {text!r}.")
    return text


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise SettingError(f"CRM_TIME_ZONE must be a time zone such as Asia/Tokyo, not {text!r}.")
    return text
