"""All settings, from the environment (and an optional `.env` file beside manage.py).

Every variable is read once, here, and explained in `.env.example`. A wrong value is refused at
the start with one sentence. The safe choice is the default: without any variable this is a
production configuration, which then asks for a secret key.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError, validate

from config import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)


def read(reader: Any, name: str, *, default: Any, **kwargs: Any) -> Any:
    """Read one variable; `default` if it is missing or empty, as compose passes it then.

    Raises:
        ImproperlyConfigured: the value is wrong; the sentence names the variable.
    """
    if not env.str(name, default=""):
        return default
    try:
        return reader(name, **kwargs)
    except EnvValidationError as error:
        reason = " ".join(str(message) for message in error.error_messages).rstrip(".")
        raise ImproperlyConfigured(
            f"{name} has a wrong value ({reason}), see .env.example."
        ) from None


# Who runs this: DEBUG is for developing, DEMO for trying it out. Both are for one machine.
DEBUG: bool = read(env.bool, "DEBUG", default=False)
DEMO: bool = read(env.bool, "DEMO", default=False)
ON_ONE_MACHINE = DEBUG or DEMO

DATA_DIR: Path = read(env.path, "DATA_DIR", default=BASE_DIR / ".data")

SECRET_KEY: str = read(env.str, "SECRET_KEY", default="")
if not SECRET_KEY:
    if not ON_ONE_MACHINE:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing: set it to a long random text, or set DEBUG=1 to develop."
        )
    SECRET_KEY = secret_key.of_this_machine(DATA_DIR)
elif len(SECRET_KEY) < 32 and not ON_ONE_MACHINE:
    raise ImproperlyConfigured("SECRET_KEY is too short: set it to 32 random characters or more.")

# Where people reach it.
SITE_URL: str = read(
    env.str, "SITE_URL", default="http://127.0.0.1:8000" if ON_ONE_MACHINE else ""
).rstrip("/")
if not re.fullmatch(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:[0-9]{1,5})?", SITE_URL):
    raise ImproperlyConfigured(
        "SITE_URL must be the address people type, without a path, such as "
        "https://dryrun.example.com."
    )
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
if not HTTPS and not ON_ONE_MACHINE and _site.hostname not in LOOPBACK:
    raise ImproperlyConfigured("SITE_URL must start with https:// unless it is this machine.")
ALLOWED_HOSTS: list[str] = read(env.list, "ALLOWED_HOSTS", default=[_site.hostname])
if ON_ONE_MACHINE:
    ALLOWED_HOSTS += sorted(LOOPBACK)
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]
TRUSTED_PROXIES: int = read(env.int, "TRUSTED_PROXIES", default=0, validate=validate.Range(min=0))

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

django_stubs_ext.monkeypatch()

INSTALLED_APPS = [
    "interview",
    "questions",
    "accounts",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.content_policy_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "config.middleware.TimeZoneMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if DEBUG:
    MIDDLEWARE.insert(0, "config.query_watch.query_watch_middleware")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
MESSAGE_STORAGE = "config.said_once.SaidOnceStorage"

# The database: Postgres 15 to 18. The embedded one is for one machine only.
DATABASES: dict[str, dict[str, Any]]
if _database := read(
    env.dj_db_url, "DATABASE_URL", default=None, conn_max_age=None, conn_health_checks=True
):
    if _database["ENGINE"] != "django.db.backends.postgresql" or not _database["NAME"]:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:password@host:5432/name."
        )
    DATABASES = {"default": {**_database, "ENGINE": "config.postgres_backend"}}
elif ON_ONE_MACHINE:
    DATABASES = {
        "default": {
            "ENGINE": "config.postgres_backend",
            "NAME": "dry_run",
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "EMBEDDED_DATA_DIR": DATA_DIR,
        }
    }
else:
    raise ImproperlyConfigured(
        "DATABASE_URL is missing: set it to postgres://user:password@host:5432/name; "
        "the embedded database is for development and the demo."
    )
# Django would leave cursors open between transactions, which PgBouncer gives to different servers.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits must hold across all processes, so their counts live in the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Beyond this, entries that still count are dropped, and rate limits with them.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# People get in at once; what is mailed before they confirmed is said in accounts/adapter.py.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Who finds a browser open can't change the address and so take the account.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Sessions live in the database with their user's id, so that they can be listed and ended.
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "config.error_pages.csrf_failure"

# Security headers. No page needs an exception, so there is none.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
# In the admin a set sends six fields a question, and one file may bring 2,000 questions.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 15_000
SILENCED_SYSTEM_CHECKS = [
    # Whether other hosts below the same domain use TLS is not ours to decide.
    "security.W005",
    "security.W021",
    # User.email is unique, by a constraint that takes no notice of case.
    "auth.W004",
]

# Mail leaves through a job, so that a rolled-back request never mails (config/mail.py).
EMAIL_BACKEND = "config.mail.QueuedEmailBackend"
_email: dict[str, Any] = read(
    env.dj_email_url,
    "EMAIL_URL",
    default=dj_email_url.parse("console:" if ON_ONE_MACHINE else "smtp://localhost:25"),
)
if "EMAIL_BACKEND" not in _email:
    raise ImproperlyConfigured("EMAIL_URL must look like smtp://user:password@host:587/?tls=True.")
DELIVERY_EMAIL_BACKEND: str = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL: str = read(
    env.str, "DEFAULT_FROM_EMAIL", default=f"Dry Run <dry-run@{_site.hostname}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Background jobs (each app's tasks.py). What is done is deleted, with the mail in it.
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

# Files.
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static" if ON_ONE_MACHINE else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static_files.HashedFiles"
    },
}
# In development files are found where they are written; otherwise `collectstatic` gathers them.
# What is asked for at the root: robots.txt.
WHITENOISE_ROOT = BASE_DIR / "public"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = DEBUG
CONTENT_DIR = BASE_DIR / "content"

# Words and times.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# The product's own.
REVIEW_PATIENCE_DAYS: int = read(
    env.int, "REVIEW_PATIENCE_DAYS", default=3, validate=validate.Range(min=1)
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "without_arguments": {"()": "config.logs.WithoutArguments"},
        "without_secrets": {"()": "config.logs.WithoutSecrets"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_arguments", "without_secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # A page that isn't there, or another's name for this host, is no fault of ours.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "procrastinate": {"level": "WARNING"},
    },
}
