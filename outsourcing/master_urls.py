"""Addresses of the masters that are common to all agencies."""

from django.urls import path

from outsourcing import contractor_views

urlpatterns = [
    path("contractors/suggest/", contractor_views.suggest, name="contractor-suggest"),
]
