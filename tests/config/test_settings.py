"""Wrong settings are refused at the start: one sentence that says what to do, status 2."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.exceptions import ImproperlyConfigured

PRODUCTION = {
    "DEBUG": "0",
    "DEMO": "0",
    "SECRET_KEY": "q8Zt3vX1bN5mK7wR2yU9pL4sD6fG0hJcAeIoQzWxVbTnMkYj3d",
    "SITE_URL": "https://dry-run.example.com",
    "DATABASE_URL": "postgres://user:password@database.example.com:5432/name",
}


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with these variables only; those of a `.env` are overridden by PRODUCTION."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def run_settings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Run the settings file with these variables over PRODUCTION; what it sets."""

    def run(**environment: str) -> dict[str, Any]:
        for name, value in {**PRODUCTION, **environment}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(Path(settings.BASE_DIR) / "config" / "settings.py"))

    return run


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is missing: set it to a long random text"),
        ("SECRET_KEY", "short", "SECRET_KEY is too short"),
        ("DATABASE_URL", "", "DATABASE_URL is missing"),
        ("DATABASE_URL", "mysql://user@host/name", "DATABASE_URL must look like postgres://"),
        ("DATABASE_URL", "postgres://host", "DATABASE_URL must look like postgres://"),
        ("DATABASE_URL", "postgres://user@host:port/name", "DATABASE_URL has a wrong value"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL has a wrong value"),
        ("SITE_URL", "", "SITE_URL must be the address people type"),
        ("SITE_URL", "dry-run.example.com", "SITE_URL must be the address people type"),
        ("SITE_URL", "https://dry-run.example.com/app", "SITE_URL must be the address people"),
        ("SITE_URL", "https://user@dry-run.example.com", "SITE_URL must be the address people"),
        ("SITE_URL", "https://[", "SITE_URL must be the address people type"),
        ("SITE_URL", "ftp://dry-run.example.com", "SITE_URL must be the address people type"),
        ("SITE_URL", "http://dry-run.example.com", "SITE_URL must start with https://"),
        ("DEBUG", "maybe", "DEBUG has a wrong value (Not a valid boolean)"),
        ("DEMO", "2", "DEMO has a wrong value (Not a valid boolean)"),
        ("TRUSTED_PROXIES", "all", "TRUSTED_PROXIES has a wrong value (Not a valid integer)"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES has a wrong value"),
        ("REVIEW_PATIENCE_DAYS", "0", "REVIEW_PATIENCE_DAYS has a wrong value"),
        ("EMAIL_URL", "pigeon://loft", "EMAIL_URL must look like smtp://"),
        ("EMAIL_URL", "smtp://host:port", "EMAIL_URL has a wrong value"),
    ],
)
def test_a_wrong_value_is_refused_with_one_sentence(
    run_settings: Callable[..., dict[str, Any]], name: str, value: str, sentence: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        run_settings(**{name: value})

    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "SITE_URL"])
def test_without_what_production_needs_nothing_starts(name: str) -> None:
    result = manage("check", **{name: ""})

    assert result.returncode == 2
    assert result.stderr.startswith(f"{name} ")
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_database_that_can_not_be_reached_is_told_in_one_sentence() -> None:
    result = manage("migrate", DATABASE_URL="postgres://user:secret@127.0.0.1:1/name")

    assert result.returncode == 2
    assert result.stderr.startswith("The database can't be reached, check DATABASE_URL: ")
    assert result.stderr.count("\n") == 1
    assert "secret" not in result.stderr


def test_the_embedded_database_in_a_folder_that_can_not_be_one_is_told_in_one_sentence(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")

    result = manage(
        "migrate", DEBUG="1", DATABASE_URL="", SECRET_KEY="", DATA_DIR=str(tmp_path / "file")
    )

    assert result.returncode == 2
    assert "DATA_DIR" in result.stderr
    assert result.stderr.count("\n") == 1


def test_without_more_than_must_be_said_the_settings_are_safe(
    run_settings: Callable[..., dict[str, Any]],
) -> None:
    optional = ["ALLOWED_HOSTS", "TRUSTED_PROXIES", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "DEBUG"]

    values = run_settings(**dict.fromkeys(optional, ""))

    expected = {
        "DEBUG": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "ALLOWED_HOSTS": ["dry-run.example.com"],
        "SECURE_PROXY_SSL_HEADER": None,
        "DELIVERY_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "DEFAULT_FROM_EMAIL": "Dry Run <dry-run@dry-run.example.com>",
    }
    assert {name: values[name] for name in expected} == expected
    assert values["SECURE_HSTS_SECONDS"] > 0


def test_behind_a_proxy_its_word_counts(run_settings: Callable[..., dict[str, Any]]) -> None:
    values = run_settings(TRUSTED_PROXIES="1")

    assert values["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert values["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


def test_a_slash_behind_the_address_does_no_harm(
    run_settings: Callable[..., dict[str, Any]],
) -> None:
    values = run_settings(SITE_URL="https://dry-run.example.com/")

    assert values["SITE_URL"] == "https://dry-run.example.com"


def test_rate_limits_are_counted_for_all_processes_together() -> None:
    assert isinstance(caches["default"], DatabaseCache)


def test_the_web_server_s_process_complains_in_one_sentence_too() -> None:
    process = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **PRODUCTION, "SECRET_KEY": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 2
    assert process.stderr.startswith("SECRET_KEY is missing")
    assert process.stderr.count("\n") == 1


def test_queries_are_watched_in_development_alone(
    run_settings: Callable[..., dict[str, Any]],
) -> None:
    watch = "config.query_watch.query_watch_middleware"

    assert run_settings(DEBUG="1")["MIDDLEWARE"][0] == watch
    assert watch not in run_settings()["MIDDLEWARE"]


def test_no_cursor_outlives_its_transaction(run_settings: Callable[..., dict[str, Any]]) -> None:
    """A pooler may give the next one to another server; also with the embedded database."""
    for environment in ({}, {"DEBUG": "1", "DATABASE_URL": ""}):
        databases = run_settings(**environment)["DATABASES"]
        assert databases["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True
