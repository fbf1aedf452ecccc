"""Settings, read from the environment. Without any, a ledger for one machine: SQLite, on 127.0.0.1.

DATABASE_URL            postgresql://… ; SQLite at var/ledger.sqlite3 when not given
DATABASE_OWNER_URL      the role that owns and migrates the tables, if another (PostgreSQL)
LEDGER_VAR              where the ledger, the key and the collected static files are kept (var)
SECRET_KEY              made once into var/secret-key when not given
ALLOWED_HOSTS           names the server answers to, with commas between (127.0.0.1,localhost)
BEHIND_TLS              1 when a proxy in front speaks HTTPS: cookies then travel by HTTPS only
CSRF_TRUSTED_ORIGINS    https://… of that proxy
HSTS_SECONDS            for how long browsers then insist on HTTPS (31536000: a year)
TRUSTED_PROXIES         how many proxies of one's own stand in front and write X-Forwarded-For (0)
SESSION_IDLE_MINUTES    without work a session ends after so many minutes (20)
SESSION_HOURS           and in any case after so many hours (12)
SECOND_FACTOR           required: everybody sets up an authenticator app (optional)
REMOTE_USER_HEADER      HTTP_X_REMOTE_USER or such: the front server signs in whom it names there,
                        and must take that header away from what clients send (off)
SURVEY_OFFICE           the office that makes the survey, as pages and exports name it
DEBUG                   1 while developing
"""

import os
from datetime import timedelta
from pathlib import Path

from config.databases import databases
from config.secret_key import secret_key


def _listed(name, default=""):
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _switched_on(name):
    return os.environ.get(name, "") in ("1", "true", "yes", "on")


def _number(name, default):
    return int(os.environ.get(name) or default)


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
    "audit",
    "exchange",
    "surveys",
    "guideline",
    "accounts",
    "outsourcing",
    "trail",
    "django_tables2",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
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
    "config.policy.PolicyMiddleware",
    "accounts.sign_in.middleware.NoStoreMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sign_in.middleware.TimeoutMiddleware",
    "accounts.sign_in.middleware.FrontServerMiddleware",
    # Every page is behind the login, except those that say otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.sign_in.middleware.DutiesMiddleware",
    "trail.middleware.SealMiddleware",
    "trail.middleware.TrailMiddleware",  # who acts, in which request
    "accounts.middleware.AccessMiddleware",  # who may open what, and whose ledgers
    "trail.middleware.RefusalMiddleware",  # what is refused is recorded
    "exchange.middleware.ImportsMiddleware",  # whether an import is being written
    "surveys.middleware.DayMiddleware",  # as of which day
    "config.banners.BannersMiddleware",  # what stands above every page
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
AUTHENTICATION_BACKENDS = [
    "accounts.sign_in.backends.PasswordBackend",
    "accounts.sign_in.backends.FrontServerBackend",
]
# After NIST SP 800-63B-4: long, not common, not the user's own name; of what signs does not matter.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {
        "NAME": "accounts.sign_in.passwords.MaximumLengthValidator",
        "OPTIONS": {"max_length": 128},
    },
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.sign_in.passwords.RepetitionValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/?ended=logout"

# Failures, and the time within which so many are refused (accounts/sign_in/throttle.py).
SIGN_IN_LIMITS = {
    "pair": (5, timedelta(minutes=15)),  # of account and address
    "account": (50, timedelta(hours=24)),  # from addresses not known for it
    "address": (300, timedelta(minutes=15)),  # on accounts for which it is not known
}
ADDRESS_KNOWN_FOR = timedelta(days=90)
TRUSTED_PROXIES = _number("TRUSTED_PROXIES", 0)

SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR") == "required"
OTP_TOTP_ISSUER = "委託台帳"  # short: it makes the QR code larger
REMOTE_USER_HEADER = os.environ.get("REMOTE_USER_HEADER", "")

SESSION_ENGINE = "accounts.sign_in.sessions"
SESSION_IDLE = timedelta(minutes=_number("SESSION_IDLE_MINUTES", 20))
SESSION_ABSOLUTE = timedelta(hours=_number("SESSION_HOURS", 12))
SESSION_WARNING = timedelta(minutes=2)
# Kept beyond its end: of a session that is gone nobody could say why it ended.
SESSION_COOKIE_AGE = int((SESSION_ABSOLUTE + timedelta(days=1)).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# 第6-5: rows taken out in a day, above which a user is warned, and asked for a reason. An agency
# can set its own.
DOWNLOAD_WARN_ABOVE = 3_000
DOWNLOAD_ASK_ABOVE = 10_000

# --- The trail: what is recorded of changes ----------------------------------

TRAIL_APPS = ["outsourcing", "guideline", "surveys", "audit", "exchange", "accounts"]
TRAIL_AGENCY = "outsourcing.Agency"  # rows that name one are recorded as its own
TRAIL_EXCEPT = {
    "guideline.Finding": "follows from the ledger and the editions, and is made anew at any time",
    "audit.ReportCount": "follows from the ledger, as the findings do",
    "guideline.FindingShape": "follows from the findings, as their number tells it",
    "guideline.Law": "says what the findings were made with",
    "accounts.SignInAttempt": "counts guesses; each sign-in is recorded as an access",
    "outsourcing.Draft": "is no fact; what comes of it is recorded when it is registered",
    "outsourcing.NamePart": "follows from the names of contractors, which are recorded",
    "outsourcing.ReservedSerial": "says where numbering goes on; what was numbered is recorded",
    "outsourcing.Submission": "tells a form that is sent twice; what it did is recorded",
    "accounts.Unsent": "keeps what was typed until its user has signed in again",
}
TRAIL_EXCEPT_COLUMNS = {
    "accounts.User": ["password", "last_login"],
    "outsourcing.Evidence": ["content"],  # recorded by its digest
    "guideline.CorrectionEvidence": ["content"],
}
TRAIL_READS_ALL_WITH = {"ledger.agencies": "all"}  # outsourcing/row_security.py
TRAIL_SEAL_MINUTES = 60  # how old the newest seal gets, at most, while the ledger is written

# --- Language, time, files --------------------------------------------------

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# Files that are made aside, kept for a day.
BUNDLE_DIR = VAR_DIR / "bundles"
# Uploads, until they are carried out or withdrawn.
IMPORT_DIR = VAR_DIR / "imports"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SILENCED_SYSTEM_CHECKS = [
    "models.W040",  # columns beside an index's keys help PostgreSQL; SQLite leaves them out
    "security.W021",  # the preload list takes whole domains: not this server's to ask for
]

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
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = _listed("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "accounts.sign_in.unsent_views.csrf_failure"
if _switched_on("BEHIND_TLS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = _number("HSTS_SECONDS", 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
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
