"""Addresses of effects."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.effects import groups, views

urlpatterns = [
    path("effects/", views.listing, name="effects"),
    path("effects/rows.csv", views.export, name="effects_export"),
    path("effects/estimate/", views.estimate, name="effect_estimate"),
    path("effects/groups/", groups.listing, name="groups"),
    path("effects/groups/declare/", groups.declare, name="group_declare"),
    path("effects/groups/<int:pk>/", groups.one, name="group"),
    path("effects/groups/<int:pk>/withdraw/", groups.withdraw, name="group_withdraw"),
    path("effects/<int:pk>/", views.one, name="effect"),
]
