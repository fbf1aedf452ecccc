"""Addresses of the masters: contractors, who holds whom, agencies."""

from django.urls import path

from outsourcing import agency_views, contractor_views, holding_views

urlpatterns = [
    path("contractors/", contractor_views.contractor_list, name="contractors"),
    path("contractors/suggest/", contractor_views.suggest, name="contractor-suggest"),
    path("contractors/new/", contractor_views.new, name="contractor-new"),
    path("contractors/<uuid:public_id>/", contractor_views.contractor, name="contractor"),
    path(
        "contractors/<uuid:public_id>/correct/", contractor_views.correct, name="contractor-correct"
    ),
    path(
        "contractors/<uuid:public_id>/dissolve/",
        contractor_views.dissolve,
        name="contractor-dissolve",
    ),
    path("holdings/", holding_views.holding_list, name="holdings"),
    path("holdings/new/", holding_views.new, name="holding-new"),
    path("holdings/<uuid:public_id>/correct/", holding_views.correct, name="holding-correct"),
    path("holdings/<uuid:public_id>/end/", holding_views.end, name="holding-end"),
    path("holdings/<uuid:public_id>/void/", holding_views.void, name="holding-void"),
    path("agencies/", agency_views.agency_list, name="agencies"),
    path("agencies/new/", agency_views.new, name="agency-new"),
    path("agencies/<str:code>/rename/", agency_views.rename, name="agency-rename"),
    path("agencies/<str:code>/abolish/", agency_views.abolish, name="agency-abolish"),
]
