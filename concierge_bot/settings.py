"""Settings from the environment (`CONCIERGE_…`) and from `.env`."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{3,}")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
LARGEST_PORT = 65535
LISTEN = re.compile(r"(?P<host>[^:\s]+):(?P<port>\d{1,5})")
SHIPPED_CATALOGUE = Path(__file__).with_name("catalogue.toml")


class SettingsError(Exception):
    """Raised where a setting is wrong or missing."""


def _token(value: SecretStr) -> SecretStr:
    if not TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("should look like 123456789:AAE…, as @BotFather gives it")
    return value


def _web_address(value: str) -> str:
    if not re.match(r"https?://[^\s/]+", value):
        raise ValueError("should look like https://api.telegram.org")
    return value.rstrip("/")


def _database(value: str) -> str:
    try:
        backend = make_url(value).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("should look like sqlite:///concierge.sqlite or postgresql://user:password@host/name")
    return value


def _webhook(value: str) -> str:
    if not re.match(r"https?://[^\s/]+/\S+", value):
        raise ValueError("should look like https://concierge.example.com/telegram")
    return value


def _secret(value: SecretStr) -> SecretStr:
    if not WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
        raise ValueError("should be 16 to 256 letters, digits, _ or -")
    return value


def _listen(value: str) -> str:
    found = LISTEN.fullmatch(value)
    if not found or int(found["port"]) > LARGEST_PORT:
        raise ValueError("should look like 127.0.0.1:8080")
    return value


def _log_format(value: str) -> str:
    if value not in {"text", "json"}:
        raise ValueError("should be text or json")
    return value


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host_and_port(listen: str) -> tuple[str, int]:
    host, port = listen.rsplit(":", 1)
    return host, int(port)


def _file(value: Path) -> Path:
    if not value.is_file():
        raise ValueError("should be the path of a TOML file")
    return value


class Settings(BaseSettings):
    """The settings of an installation. Every name is read with the prefix `CONCIERGE_`."""

    model_config = SettingsConfigDict(env_prefix="CONCIERGE_", env_file=".env", extra="ignore")

    bot_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    api_url: Annotated[str, AfterValidator(_web_address)] = "https://api.telegram.org"
    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///concierge.sqlite"
    catalogue: Annotated[Path, AfterValidator(_file)] = SHIPPED_CATALOGUE
    webhook_url: Annotated[str, AfterValidator(_webhook)] | None = None
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = None
    webhook_listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8080"
    health_listen: Annotated[str, AfterValidator(_listen)] | None = None
    """Where `GET /health` and `GET /metrics` are answered; nowhere without it."""
    health_public: bool = False
    """Whether that may be an address which other machines reach."""
    log_format: Annotated[str, AfterValidator(_log_format)] = "text"
    """`text`, or `json` for one object a line."""
    rate_overall: float = Field(default=30, gt=0)
    """Messages a second over all chats."""
    rate_group: float = Field(default=20, gt=0)
    """Messages a minute into one group."""
    rate_minute: float = Field(default=60, gt=0)
    """How long that minute is, in seconds: shortened where a test cannot wait for it."""
    rate_private: float = Field(default=1, gt=0)
    """Messages a second into one private chat."""
    rate_burst: int = Field(default=5, ge=1)
    """How many messages into one private chat may follow each other at once."""
    clock_file: Path | None = None
    """A file that turns the clock: for the playground."""

    @property
    def token(self) -> str:
        """Returns the bot's token. Raises SettingsError where there is none."""
        if self.bot_token is None:
            raise SettingsError(
                "CONCIERGE_BOT_TOKEN is missing: it should look like 123456789:AAE…, as @BotFather gives it."
            )
        return self.bot_token.get_secret_value()

    @property
    def listen(self) -> tuple[str, int]:
        """Returns the host and port of the webhook's server."""
        return _host_and_port(self.webhook_listen)

    @property
    def health(self) -> tuple[str, int] | None:
        """Returns the host and port of the health endpoint; None where there is none."""
        return _host_and_port(self.health_listen) if self.health_listen else None


def load(**overrides: object) -> Settings:
    """Reads the settings. Raises SettingsError, which names each wrong setting and the form it should have."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(" ".join(map(_sentence, error.errors(include_input=False)))) from None
    if settings.webhook_url and settings.webhook_secret is None:
        raise SettingsError(
            "CONCIERGE_WEBHOOK_SECRET is missing: a webhook needs one, 16 to 256 letters, digits, _ or -."
        )
    if settings.health and not settings.health_public and not _is_loopback(settings.health[0]):
        raise SettingsError(
            "CONCIERGE_HEALTH_LISTEN is wrong: should be an address of loopback, such as 127.0.0.1:8081. Where only "
            "your own network reaches it, set CONCIERGE_HEALTH_PUBLIC=true."
        )
    return settings


def _sentence(error: ErrorDetails) -> str:
    name = "CONCIERGE_" + str(error["loc"][0]).upper()
    return f"{name} is wrong: {error['msg'].removeprefix('Value error, ')}."
