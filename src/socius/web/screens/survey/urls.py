"""Addresses of the questionnaire."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.survey import views

urlpatterns = [
    path("rate/<str:token>/", views.rate, name="rate"),
    path("rate/<str:token>/take-part/", views.join, name="rate_join"),
    path("rate/<str:token>/keep/<str:item>/", views.keep, name="rate_keep"),
    path("rate/<str:token>/done/", views.done, name="rate_done"),
]
