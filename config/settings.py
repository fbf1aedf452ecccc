"""Settings, read from the environment. Without any, a ledger for one machine: SQLite, on 127.0.0.1.

DATABASE_URL            postgresql://… ; SQLite at var/ledger.sqlite3 when not given
DATABASE_OWNER_URL      the role that owns and migrates the tables, if another (PostgreSQL)
LEDGER_VAR              where the ledger, the key and the collected static files are kept (var)
SECRET_KEY              made once into var/secret-key when not given
ALLOWED_HOSTS           names the server answers to, with commas between (127.0.0.1,localhost)
BEHIND_TLS              1 when a proxy in front speaks HTTPS: cookies then travel by HTTPS only
CSRF_TRUSTED_ORIGINS    https://… of that proxy
SURVEY_OFFICE           the office that makes the survey, as pages and exports name it
DEBUG                   1 while developing
"""

import os
from pathlib import Path

from config.databases import databases
from config.secret_key import secret_key


def _listed(name, default=""):
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _switched_on(name):
    return os.environ.get(name, "") in ("1", "true", "yes", "on")


BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("LEDGER_VAR") or BASE_DIR / "var").resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = _switched_on("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key(VAR_DIR / "secret-key")
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS", "127.0.0.1,localhost")

SURVEY_OFFICE = os.environ.get("SURVEY_OFFICE") or "総務省行政管理局"

# --- Applications -----------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "surveys",
    "guideline",
    "accounts",
    "outsourcing",
    "trail",
    "django_tables2",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",  # so that templates/ can lay out form fields
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Every page is behind the login, except those that say otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "trail.middleware.SealMiddleware",
    "accounts.middleware.AccessMiddleware",  # who may open what, and whose ledgers
    "trail.middleware.TrailMiddleware",  # who acts, in which request; what is refused
    "surveys.middleware.DayMiddleware",  # as of which day
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

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

# --- Databases --------------------------------------------------------------
# No ATOMIC_REQUESTS: on SQLite a mere reader would then take the lock of a writer.

DATABASES = databases(os.environ, VAR_DIR / "ledger.sqlite3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Who --------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# 第6-5: rows taken out in a day, above which a user is warned, and asked for a reason. An agency
# can set its own.
DOWNLOAD_WARN_ABOVE = 3_000
DOWNLOAD_ASK_ABOVE = 10_000

# --- The trail: what is recorded of changes ----------------------------------

TRAIL_APPS = ["outsourcing", "guideline", "surveys", "accounts"]
TRAIL_AGENCY = "outsourcing.Agency"  # rows that name one are recorded as its own
TRAIL_EXCEPT = {
    "guideline.Finding": "follows from the ledger and the editions, and is made anew at any time",
    "guideline.Law": "says what the findings were made with",
}
TRAIL_EXCEPT_COLUMNS = {"accounts.User": ["password", "last_login"]}
TRAIL_SEAL_MINUTES = 60  # how old the newest seal gets, at most, while the ledger is written

# --- Language, time, files --------------------------------------------------

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Headers ----------------------------------------------------------------
# Nothing is loaded from another host, and nothing that stands inside a page is run or styles it.

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = _listed("CSRF_TRUSTED_ORIGINS")
if _switched_on("BEHIND_TLS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# --- What is logged ---------------------------------------------------------
# Django logs nothing to the console unless it debugs; an error must be seen where the server runs.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
