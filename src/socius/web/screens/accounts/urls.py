"""Addresses of the inventory."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.accounts import acts, views

urlpatterns = [
    path("accounts/", views.everything, name="accounts"),
    path("accounts/unclaimed/", views.unclaimed, name="accounts_unclaimed"),
    path("accounts/proposals/", views.proposals, name="accounts_proposals"),
    path("accounts/duplicates/", views.duplicates, name="accounts_duplicates"),
    path("accounts/export.csv", views.export, name="accounts_export"),
    path("accounts/<int:pk>/", views.one, name="account"),
    path("accounts/decided/<int:at>/withdraw/", acts.withdraw, name="accounts_withdraw"),
    path("accounts/<int:pk>/moved-back/<int:unit>/", acts.moved_back, name="account_moved_back"),
    path("accounts/<int:pk>/untie/<int:link>/", acts.untie, name="account_untie"),
    path("accounts/<int:pk>/separate/", acts.separated, name="account_separate"),
    path("accounts/<int:pk>/status/<slug:status>/", acts.put_back, name="account_status"),
    path("accounts/<int:pk>/<slug:name>/", acts.act, name="account_act"),
]
