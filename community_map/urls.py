"""Every address of the portal. Public and staff addresses are apart: see community_map.http.middleware."""

from django.contrib import admin
from django.urls import include, path

from community_map import views
from community_map.accounts import views as account_views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accessibility-statement/", views.accessibility_statement, name="accessibility-statement"),
    path("privacy/", views.privacy, name="privacy"),
    path("cookies/", views.cookies, name="cookies"),
    path("daily-email/<str:token>/<slug:choice>/", account_views.daily_email, name="daily-email"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("robots.txt", views.robots_txt, name="robots-txt"),
    path("toolkit/", include("toolkit.urls")),
    path("staff/kept/", account_views.kept_form, name="kept-form"),
    path("", include("pins.urls")),
    path("accounts/", include("community_map.accounts.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "community_map.views.bad_request"
handler403 = "community_map.views.forbidden"
handler404 = "community_map.views.not_found"
handler500 = "community_map.views.server_error"
# allauth asks for this one by name.
handler429 = "community_map.views.too_many_requests"
