"""Settings from the environment (`CONCIERGE_…`) and from a file: `.env`, or the one that `--env-file` names."""

from __future__ import annotations

import re
from contextvars import ContextVar
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from concierge_bot import database_urls
from concierge_bot.database_urls import LARGEST_PORT

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{3,}")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
LISTEN = re.compile(r"(?P<host>[^:\s]+):(?P<port>\d{1,5})")
SHIPPED_CATALOGUE = Path(__file__).with_name("catalogue.toml")
USUAL_FILE = Path(".env")
_named_file: ContextVar[Path | None] = ContextVar("named_file", default=None)


class SettingsError(Exception):
    """Raised where settings are wrong or missing; each fault is a sentence that says what to do."""

    def __init__(self, *faults: str) -> None:
        """Holds the faults, of which there is at least one."""
        super().__init__(" ".join(faults))
        self.faults = faults


def _token(value: SecretStr) -> SecretStr:
    if not TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("should look like 123456789:AAE…, as @BotFather gives it")
    return value


def _has_port(address: str) -> bool:
    """Returns whether the port of an address can be one; none at all is the protocol's own."""
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def _web_address(value: str) -> str:
    if not re.match(r"https?://[^\s/]+", value) or not _has_port(value):
        raise ValueError("should look like https://api.telegram.org")
    return value.rstrip("/")


def _webhook(value: str) -> str:
    if not re.match(r"https?://[^\s/]+/\S+", value) or not _has_port(value):
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

    model_config = SettingsConfigDict(env_prefix="CONCIERGE_", env_file_encoding="utf-8-sig", extra="ignore")

    bot_token: Annotated[SecretStr, AfterValidator(_token)] | None = None
    api_url: Annotated[str, AfterValidator(_web_address)] = "https://api.telegram.org"
    database_url: Annotated[str, AfterValidator(database_urls.checked)] = "sqlite:///concierge.sqlite"
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
    canary_minutes: float = Field(default=5, ge=0)
    """Minutes between two checks that messages get through to Telegram and back; 0 for none."""
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


def read_from(file: Path | None) -> None:
    """Names the file that `load` reads beside the environment; None for `.env` of the working folder, if there."""
    _named_file.set(file)


def load(**overrides: object) -> Settings:
    """Reads the settings. Raises SettingsError, which names each wrong setting and the form it should have."""
    given = {"_env_file": _file_of_settings()} | overrides
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(*map(_sentence, error.errors(include_input=False))) from None
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


def _file_of_settings() -> Path | None:
    """Returns the file to be read, None where there is none. Raises SettingsError where it cannot be read."""
    named = _named_file.get()
    file = (named or USUAL_FILE).absolute()
    if named is None and not file.is_file():
        return None
    try:
        text = file.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise SettingsError(f"There is no file {file}: --env-file names a file of settings.") from None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # UTF-16 without its mark reads as UTF-8, with one after each letter
        raise SettingsError(f"{file} is not in UTF-8: save it as UTF-8.")
    return file


def _sentence(error: ErrorDetails) -> str:
    name = "CONCIERGE_" + str(error["loc"][0]).upper()
    return f"{name} is wrong: {error['msg'].removeprefix('Value error, ')}."
