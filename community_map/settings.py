"""The portal's settings: every value that differs between installations comes from the environment or .env.

A wrong value stops the start, by name. docs/deploying.md lists them all.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from community_map.environment import (
    BASE_DIR,
    LOOPBACK_HOSTS,
    env,
    keep_private,
    origin_of,
    read_contact,
    read_domains,
    read_flag,
    read_group_roles,
    read_issuer,
    read_number,
    read_origins,
    read_secret_key,
)

VAR_DIR = BASE_DIR / "var"

DEBUG = read_flag("DEBUG", default=False)
SECRET_KEY = read_secret_key("SECRET_KEY")

# --- where it lives: allowed hosts, cookies and HTTPS follow from SITE_URL ---------------------------
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname or _site.path or _site.query:
    raise ImproperlyConfigured(f"SITE_URL={SITE_URL!r}: use an address such as https://map.example.gov.uk")
IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = [_site.hostname, *(LOOPBACK_HOSTS if _site.hostname in LOOPBACK_HOSTS else [])]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_HTTPS else []
CSRF_FAILURE_VIEW = "community_map.views.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if read_flag("BEHIND_PROXY", default=IS_HTTPS) else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = read_number("HSTS_SECONDS", 31_536_000) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS and read_flag("HSTS_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = IS_HTTPS and read_flag("HSTS_PRELOAD", default=False)
# Preloading binds a council's whole domain for years: HSTS_PRELOAD is for them to choose, not for a check to ask.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The longest that a sign-in lasts, however busy; and how long it lasts untouched. community_map.accounts.sessions ends it.
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_SECONDS = 60 * read_number("IDLE_MINUTES", 30, lowest=1)
# In the session and not in a cookie of their own: /cookies/ names every cookie that there is.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# How long personal data stays; `manage.py apply_retention` takes it away. See docs/privacy/record-of-processing.md.
DEACTIVATE_ACCOUNT_DAYS = read_number("DEACTIVATE_ACCOUNT_DAYS", 90, lowest=1)
WARN_ACCOUNT_DAYS = read_number("WARN_ACCOUNT_DAYS", 14, lowest=1)
ERASE_ACCOUNT_DAYS = read_number("ERASE_ACCOUNT_DAYS", 365, lowest=1)
KEEP_DECLINED_DAYS = read_number("KEEP_DECLINED_DAYS", 180, lowest=1)
KEEP_STORY_ADDRESS_DAYS = read_number("KEEP_STORY_ADDRESS_DAYS", 30, lowest=1)
KEEP_MAIL_DAYS = read_number("KEEP_MAIL_DAYS", 30, lowest=1)
# The database refuses to delete what is younger than twelve months.
KEEP_AUDIT_DAYS = read_number("KEEP_AUDIT_DAYS", 400, lowest=367)

# Session, CSRF and admin cookies never go to public pages: see community_map.http.middleware.

INSTALLED_APPS = [
    "community_map.apps.CommunityMapConfig",
    "pins",
    "toolkit",
    "community_map.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # The default widgets' templates, for the form renderer.
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_filters",
    "leaflet",
    "modelsearch",
    "simple_history",
]

MIDDLEWARE = [
    # First, so that redirects to HTTPS, refusals and static files have the headers of pages.
    "community_map.http.middleware.PublicOrStaffMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "community_map.http.limits.RequestLimitsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # An ETag of the body: public answers change when what the public sees changes, and then only.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "community_map.accounts.sessions.SessionEndMiddleware",
    "community_map.http.limits.PublicRateMiddleware",
    "community_map.accounts.form_recovery.FormRecoveryMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "community_map.accounts.without_role.WithoutRoleMiddleware",
    "community_map.accounts.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "community_map.urls"
WSGI_APPLICATION = "community_map.wsgi.application"

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
                "community_map.context.portal",
            ],
        },
    }
]

# --- database ------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = read_number("CONN_MAX_AGE", 600)
_database["CONN_HEALTH_CHECKS"] = True
# Kept apart from DATABASE_URL, so that a statement time-out never stops a migration or an import.
IS_WEB_PROCESS = read_flag("WEB_PROCESS", default=False)
if _database["ENGINE"].endswith("sqlite3"):
    keep_private(VAR_DIR, Path(_database["NAME"]))
    _database.setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    )
    # A file, not memory: only a file has WAL, and the tests shall see what production sees.
    _database["TEST"] = {"NAME": env.str("TEST_DATABASE", default=str(VAR_DIR / "test.sqlite3"))}
elif _database["ENGINE"].endswith("postgresql") and IS_WEB_PROCESS:
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=3000 -c idle_in_transaction_session_timeout=10000"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://portal_cache")}
# Django throws rows away beyond 300: whoever fills the table would wipe out the counts of their own wrong passwords.
if CACHES["default"]["BACKEND"].endswith("DatabaseCache"):
    CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "community_map.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_ADAPTER = "community_map.accounts.adapter.AccountAdapter"
_forms = "community_map.accounts.forms."
ACCOUNT_FORMS = {
    "login": _forms + "LoginForm",
    "signup": _forms + "SignupForm",
    "request_login_code": _forms + "RequestLoginCodeForm",
    "confirm_login_code": _forms + "ConfirmLoginCodeForm",
    "confirm_email_verification_code": _forms + "ConfirmEmailVerificationCodeForm",
    "reset_password": _forms + "ResetPasswordForm",
    "reset_password_from_key": _forms + "ResetPasswordKeyForm",
    "change_password": _forms + "ChangePasswordForm",
    "reauthenticate": _forms + "ReauthenticateForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A link for a new password works for an hour.
PASSWORD_RESET_TIMEOUT = 3600
# Whoever changes a password or the second step gets a mail about it: it may not have been them.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Whoever signs up shows with a code that the address is theirs. create_user() takes an administrator's word.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Off, a password is enough; on, a code is sent to the email address after it.
ACCOUNT_LOGIN_BY_CODE_REQUIRED = {"password"} if read_flag("SIGN_IN_CODE", default=False) else False
# Who may sign up: nobody, or people with an address at one of these domains; and what they may do then.
SIGNUP_DOMAINS = read_domains("SIGNUP_DOMAINS")
SIGNUP_CONTRIBUTORS = read_flag("SIGNUP_CONTRIBUTORS", default=False)
# Moderators, editors and administrators need an authenticator app; a demonstration on this machine does not.
SECOND_FACTOR = read_flag("SECOND_FACTOR", default=IS_HTTPS)
# Half a minute either way, for telephones whose clock is not right.
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "community_map.accounts.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": _forms + "SecondFactorForm",
    "reauthenticate": _forms + "SecondFactorAgainForm",
    "activate_totp": _forms + "ActivateTOTPForm",
    "deactivate_totp": _forms + "DeactivateTOTPForm",
    "generate_recovery_codes": _forms + "GenerateRecoveryCodesForm",
}
# An address that single sign-on gave is not proven by a code of ours, and need not be.
MFA_ALLOW_UNVERIFIED_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# The cookie goes with the browser's window; how long a session lasts is not the reader's to choose.
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Counted in the shared cache, so for all server processes together. "key" is the email address that was typed.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/h/key",
    "request_login_code": "20/m/ip,3/10m/key",
    "signup": "10/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = read_number("TRUSTED_PROXY_COUNT", 0)

# --- single sign-on: an OpenID Connect provider, or none ------------------------------------------
OIDC_ISSUER = read_issuer("OIDC_ISSUER")
OIDC_NAME = env.str("OIDC_NAME", default="council account")
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", default="groups")
OIDC_GROUP_ROLES = read_group_roles("OIDC_GROUP_ROLES")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
if OIDC_ISSUER and not OIDC_CLIENT_ID:
    raise ImproperlyConfigured(
        "OIDC_CLIENT_ID: set it to the client ID from your provider; OIDC_ISSUER needs it"
    )
SOCIALACCOUNT_ADAPTER = "community_map.accounts.single_sign_on.CouncilSignOn"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "community_map.accounts.single_sign_on.CouncilProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                # allauth stores this with the subject: so a person is told by issuer and subject.
                "provider_id": OIDC_ISSUER,
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 3

# --- mail ----------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="portal@example.org")
# Only the job that sends mail waits this long, for each answer of the mail server.
EMAIL_TIMEOUT = 10
# A decision can be taken back or replaced before its author is told.
DECISION_MAIL_DELAY_MINUTES = read_number("DECISION_MAIL_DELAY_MINUTES", 5)
# When people get the email about what waits for them, in local time.
DAILY_EMAIL_HOUR = read_number("DAILY_EMAIL_HOUR", 8)
if DAILY_EMAIL_HOUR > 23:
    raise ImproperlyConfigured(f"DAILY_EMAIL_HOUR={DAILY_EMAIL_HOUR}: use an hour from 0 to 23")

# --- search --------------------------------------------------------------------------------------
MODELSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "modelsearch.backends.database",
        # PostgreSQL's stemming; SQLite's is set by toolkit's migration.
        "SEARCH_CONFIG": "english",
    }
}

# --- words, time ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = USE_TZ = True
LANGUAGES = [("en-gb", _("English"))]

# --- static files --------------------------------------------------------------------------------
STATIC_URL = "static/"
# Not in VAR_DIR, which is closed to a web server that reads them itself.
STATIC_ROOT = BASE_DIR / "staticfiles"
# Nobody else's pages need them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "community_map.http.storage.StaticFilesStorage"},
}

# --- map -----------------------------------------------------------------------------------------
TILE_URL = env.str("TILE_URL", default="https://tile.openstreetmap.org/{z}/{x}/{y}.png")
TILE_ATTRIBUTION = env.str("TILE_ATTRIBUTION", default="© OpenStreetMap contributors")
TILE_ATTRIBUTION_URL = env.str("TILE_ATTRIBUTION_URL", default="https://www.openstreetmap.org/copyright")
TILE_MAX_ZOOM = read_number("TILE_MAX_ZOOM", 19, lowest=10)
_tiles = urlsplit(TILE_URL)
if _tiles.scheme not in {"http", "https"} or not _tiles.netloc:
    raise ImproperlyConfigured(f"TILE_URL={TILE_URL!r}: use an address with {{z}}, {{x}} and {{y}}")
TILE_HOST = f"{_tiles.scheme}://{_tiles.netloc.replace('{s}', '*')}"
# django-leaflet's settings. Its {% leaflet_map %} needs inline script, which the policy below forbids: the page hands
# them to static/js/lib/map/map.js, which hands them to the package's own L.Map.djangoMap.
LEAFLET_CONFIG = {
    "TILES": [
        (
            _("Map"),
            TILE_URL,
            # The map writes the attribution itself, as text and a link; "attributionUrl" is ours.
            {"attribution": TILE_ATTRIBUTION, "attributionUrl": TILE_ATTRIBUTION_URL},
        )
    ],
    "MAX_ZOOM": TILE_MAX_ZOOM,
    # West, south, east, north: Great Britain, until a portal says where its own edges are.
    "SPATIAL_EXTENT": (-8.2, 49.9, 1.8, 60.9),
    "RESET_VIEW": False,
    "SCALE": None,
}

# --- headers -------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: is for the pictures that Leaflet's own CSS and GOV.UK Frontend's select arrow carry.
        "img-src": [SELF, "data:", TILE_HOST],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Chromium also asks it of where a form's answer leads on to: the button of single sign-on.
        "form-action": [SELF, *([origin_of(OIDC_ISSUER)] if OIDC_ISSUER else [])],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# The sites that may show /map/embed/ in a frame. See community_map.http.embedding.
EMBED_HOSTS = read_origins("EMBED_HOSTS")
# The tile host's rules want an origin; no path of ours leaves with it.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PERMISSIONS_POLICY = "geolocation=(self), camera=(), microphone=(), payment=(), usb=()"
# Where to report a security problem; the portal's mailbox by default. See community_map.views.security_txt.
SECURITY_CONTACT = read_contact("SECURITY_CONTACT")

# --- limits --------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 0
# For each network address without a sign-in; 0 leaves it to the web server in front. See community_map.http.limits.
PUBLIC_REQUESTS_PER_MINUTE = read_number("PUBLIC_REQUESTS_PER_MINUTE", 1200)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Anybody can write a wrong Host header a thousand times a minute: it is answered, and no news.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "community_map": {"level": "INFO"},
        "pins": {"level": "INFO"},
    },
}
