"""Addresses of people and rights."""

from __future__ import annotations

from django.urls import path

from socius.web.screens.people import changes, views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", changes.invite, name="person_invite"),
    path("people/rights/", views.rights, name="rights"),
    path("people/proposals/", views.proposals, name="proposals"),
    path("people/proposals/<int:number>/", changes.decide, name="proposal_decide"),
    path("people/grants/<int:number>/end/", changes.end, name="grant_end"),
    path("people/<int:number>/", views.person, name="person"),
    path("people/<int:number>/give/", changes.give, name="grant_give"),
    path("people/<int:number>/state/", changes.state, name="person_state"),
    path("people/<int:number>/password/", changes.password, name="person_password"),
]
