"""Every address, each from the door that answers it."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

urlpatterns = [
    # Only these of allauth's pages exist: people are invited, and a second factor and single sign-on come with their own issue.
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("me/password/", account.password_change, name="account_change_password"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("api/", include("socius.api.urls")),
    path("", include("socius.web.urls")),
]
