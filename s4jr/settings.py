"""One settings file. What differs between deployments comes from the environment; `.env.example` lists it all.

A value that would make the site unsafe stops it from starting: see `s4jr/checks.py`.
"""

from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, validate

from s4jr.checks import LOOPBACK, refuse_unsafe
from s4jr.idn import ascii_email, ascii_host, ascii_url
from s4jr.security import csp, redacted_logging

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var").absolute()
# `./dev run` writes its keys here, so that `manage.py` by hand sees the same site. The real environment wins.
env.read_env(VAR_DIR / "settings.env", recurse=False)

# Keys: three, never equal, never defaulted. FIELD_KEYS is `id:base64,...`; the first one writes, all of them read.
SECRET_KEY = env.str("SECRET_KEY")
FIELD_KEYS = env.list("FIELD_KEYS")
INDEX_KEY = env.str("INDEX_KEY")

DEBUG = env.bool("DEBUG", False)

# Hosts and paths
SITE_URL = ascii_url(env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/"))
EMAIL_LINK_URL = ascii_url(env.str("EMAIL_LINK_URL", SITE_URL).rstrip("/"))
_hosts = {host for url in (SITE_URL, EMAIL_LINK_URL) if (host := urlsplit(url).hostname)}
ON_LOOPBACK = urlsplit(SITE_URL).hostname in LOOPBACK
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", sorted(_hosts | (LOOPBACK if ON_LOOPBACK else set())), ascii_host)
ADMIN_PATH = env.str("ADMIN_PATH", "manage/")
QUICK_EXIT_URL = ascii_url(env.str("QUICK_EXIT_URL", "https://weather.com/"))
HEALTH_FROM = env.list("HEALTH_FROM", sorted(LOOPBACK))
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
PORT = env.int("PORT", 8000)

# Apps are named as strings: s4jr imports none of the domain apps.
INSTALLED_APPS = [
    *("s4jr.crypto", "s4jr.security", "s4jr.audit", "s4jr.erasure"),
    *("s4jr.accounts.apps.AccountsConfig", "s4jr.accounts.apps.StaffAdminConfig"),
    *("s4jr.content", "s4jr.mail", "s4jr.conversations"),
    "pages",
    "chapters",
    "members",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "csp",
]
MIDDLEWARE = [
    "s4jr.security.redacted_logging.RequestNumberMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "s4jr.security.headers.PrivacyHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "s4jr.security.quick_exit.QuickExitMiddleware",
    "s4jr.language.AddressLanguageMiddleware",
    "s4jr.security.request_validation.RequestValidationMiddleware",
    "s4jr.mail.mail_host_middleware.MailHostMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "s4jr.security.quick_exit.LeftMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "s4jr.security.request_validation.FormSizeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "s4jr.accounts.session_timeout.IdleMiddleware",
    "s4jr.crypto.decryption_guard.DecryptionGuardMiddleware",
]
ROOT_URLCONF = "s4jr.urls"
WSGI_APPLICATION = "s4jr.wsgi.application"
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
    }
]

# Storage. SQLite runs as safely as possible: write-ahead log, every commit on disk, writers queue at BEGIN.
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR}/db.sqlite3", conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {"staticfiles": {"BACKEND": "s4jr.staticfiles.OneStylesheetStorage"}}

# Languages and time. Days are days in UTC: a member's own time zone would reveal where they are.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr-ca", "Français"), ("es", "Español")]
# How old pages may be for readers without a session: s4jr/content/cache_version.py
CACHE_VERSION_SECONDS = 1
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "s4jr.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# Sessions and cookies end with the browser; on https they carry the __Host- name and Secure. Lax: see decision 14.
SECURE = SITE_URL.startswith("https://")
_cookie_prefix = "__Host-" if SECURE else ""
SESSION_ENGINE = "s4jr.accounts.sessions"
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Longer than a sign-in lasts (accounts/session_timeout.py), so that a form left open overnight keeps its user.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrftoken"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "s4jr.security.csrf_failure.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Headers. `same-origin`, not `no-referrer`: with the latter browsers send `Origin: null` and every form answers 403.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
# Health checks answer over http inside the machine; a load balancer cannot follow a redirect to TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if TRUSTED_PROXY_COUNT > 0:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = csp.CONTENT_SECURITY_POLICY
PERMISSIONS_POLICY = csp.PERMISSIONS_POLICY

# An uploaded list of people is never written to disk in clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
# That handler silently drops larger files; a photograph from a phone must fit.
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # the admin's "tick many" form; public forms stay far below

# Signing in: admins and representatives only, by a name they choose. Addresses are in one encrypted field.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", True)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "representative_home"  # for representatives; staff go to the admin
ACCOUNT_ADAPTER = "s4jr.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
# allauth's counters would be in a cache that may evict them: s4jr/accounts/sign_in_limits.py counts in our own table.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "s4jr.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {act: f"s4jr.accounts.one_time_codes.{act.title()}Form" for act in ("authenticate", "reauthenticate")} | {
    f"{act}_webauthn": f"s4jr.accounts.passkey_forms.{act.title()}Form"
    for act in ("add", "authenticate", "login", "reauthenticate")
}
MFA_TOTP_ISSUER = "Sign in"
MFA_TOTP_TOLERANCE = 1  # 30 seconds either way: phones' clocks drift, and codes change while they are typed

FORM_RENDERER = "s4jr.crypto.unreadable_fields.KeepingRenderer"
CRISPY_TEMPLATE_PACK, CRISPY_ALLOWED_TEMPLATE_PACKS = "forms", ("forms",)

# Public forms: past so many an hour from one IP address they are flagged for review; so many bytes an hour in total.
FORMS_FROM_ONE_PEER_AN_HOUR = env.int("FORMS_FROM_ONE_PEER_AN_HOUR", 20, validate=validate.Range(min=1))
INTAKE_BYTES_AN_HOUR = env.int("INTAKE_BYTES_AN_HOUR", 36_000_000, validate=validate.Range(min=1_000_000))
CONFIRMING_EMAILS_AN_HOUR = 60
EXPORT_AT_MOST = env.int("EXPORT_AT_MOST", 5000, validate=validate.Range(min=1))

# Review. 0 seconds to undo an approval write the welcome email right away.
APPROVAL_UNDO_SECONDS = env.int("APPROVAL_UNDO_SECONDS", 60, validate=validate.Range(min=0, max=3600))
DECLINE_NEEDS_TWO = env.bool("DECLINE_NEEDS_TWO", False)
REMIND_AFTER_DAYS, OVERDUE_AFTER_DAYS = (30, 45), 14
OPENINGS_AN_HOUR, OPENINGS_FROM_QUEUE_AN_HOUR, UNDONE_AN_HOUR = 30, 120, 5  # see s4jr/audit/record_access.py

# Retention in days. `purge` applies these numbers and /privacy/ prints them; docs/safety.md says why.
_days = partial(env.int, validate=validate.Range(min=1))
CONFIRM_WITHIN_DAYS = _days("CONFIRM_WITHIN_DAYS", 7)
FLAGGED_DAYS = _days("FLAGGED_DAYS", 30)
UNDECIDED_DAYS = _days("UNDECIDED_DAYS", 60)
LAPSED_DAYS = _days("LAPSED_DAYS", 90)
DECLINED_DAYS = _days("DECLINED_DAYS", 14)
CLOSED_DAYS = _days("CLOSED_DAYS", 1)
LEFT_DAYS = _days("LEFT_DAYS", 30)
MEMBERSHIP_ENDED_DAYS = _days("MEMBERSHIP_ENDED_DAYS", 30)
DECIDED_WORDS_DAYS = _days("DECIDED_WORDS_DAYS", 30)
INQUIRY_DAYS = _days("INQUIRY_DAYS", 90)
CONVERSATION_DAYS = _days("CONVERSATION_DAYS", 30)
OFFER_DAYS = _days("OFFER_DAYS", 30)
# RSVPs: those of guests are deleted the day after, as their form says; those of members a month later.
CREDENTIAL_CHANGE_DAYS = 30  # how long a code or secret word stays valid after an email link alone replaced it
MEETING_GUEST_DAYS, MEETING_DAYS = 1, 30
HANDOVER_DAYS, SKILL_REQUEST_DAYS = 180, 90  # notes of former representatives; answers about a skill
EMAIL_DAYS = _days("EMAIL_DAYS", 30)
UNSENT_EMAIL_DAYS = _days("UNSENT_EMAIL_DAYS", 60)
ACCESS_LOG_DAYS = _days("ACCESS_LOG_DAYS", 400)
# The site does not delete backups: this says how long their holder may keep one. Tombstones outlive them all.
BACKUP_DAYS = _days("BACKUP_DAYS", 35)
TOMBSTONE_DAYS = BACKUP_DAYS + 30
BACKUP_TO = env.list("BACKUP_TO", [])
# A copy of the tombstones outside the database: a restored backup is older than they are.
ERASURES_FILE = env.path("ERASURES_FILE", VAR_DIR / "erasures")

# Emails
EMAIL_URL = ascii_url(env.str("EMAIL_URL", f"file://{VAR_DIR}/mail"))
EMAIL_BACKEND = "s4jr.mail.backend.OutboxBackend"
MAIL_FROM = DEFAULT_FROM_EMAIL = SERVER_EMAIL = ascii_email(env.str("MAIL_FROM", "hello@localhost"))
# Where emails come back to, as BOUNCE_ADDRESS+token, and the mailbox we read them in. Without, nothing comes back.
BOUNCE_ADDRESS = ascii_email(env.str("BOUNCE_ADDRESS", ""))
BOUNCE_MAILBOX_URL = ascii_url(env.str("BOUNCE_MAILBOX_URL", ""))
COALITION_WORDS = env.list(
    "COALITION_WORDS",
    [
        "survivor", "justice", "reform", "s4jr", "coalition", "restorative", "transformative", "violence", "abuse",
        "survivant", "réparatrice", "réparateur", "transformatrice", "transformateur",
        "sobreviviente", "justicia", "coalición", "restaurativ", "transformativ", "violencia", "abuso",
    ],
)  # fmt: skip
MAIL_BATCH_SIZE, MAIL_LATE_AFTER_MINUTES = 50, 15
_seconds = validate.Range(min=0, min_inclusive=False)
# Seconds until the next attempt; after the last one the email has failed. About two and a half days in total.
MAIL_BACK_OFF_SECONDS = env.list("MAIL_BACK_OFF_SECONDS", [30, 90, 270, 810, 2430, 7290, 21870, *[43200] * 4], float)
# How long a sender owns a batch, and how long the mail server may take for one reply: much less.
MAIL_LEASE_SECONDS = env.float("MAIL_LEASE_SECONDS", 600, validate=_seconds)
MAIL_SERVER_SECONDS = env.float("MAIL_SERVER_SECONDS", 30, validate=_seconds)
ANNOUNCEMENT_BATCH = env.int("ANNOUNCEMENT_BATCH", 500, validate=validate.Range(min=1))
# For `manage.py check_mail`: selectors of the DKIM keys, and "address:port" of a DNS server other than the machine's.
DKIM_SELECTORS, DNS_SERVER = env.list("DKIM_SELECTORS", []), env.str("DNS_SERVER", "")

# Celery: Redis if configured, else our own file broker. Never eager: one code path everywhere.
REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    # Without these an unresponsive Redis blocked `.delay()` for 25 seconds (measured).
    {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_retries": 0}
    if REDIS_URL
    else {
        "data_folder_in": str(VAR_DIR / "broker"),
        "data_folder_out": str(VAR_DIR / "broker"),
        "control_folder": str(VAR_DIR / "broker-control"),
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False

# Logs name no person: no address, no IP address, no query string, no form value.
LOGGING = redacted_logging.LOGGING

refuse_unsafe(globals())
