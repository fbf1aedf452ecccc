from django.urls import path

from exchange import bundle_views, views

urlpatterns = [
    path("exchange/", views.index, name="exchange"),
    path("exchange/templates/<str:code>.xlsx", views.template, name="exchange-template"),
    path("exchange/ledger/<str:name>", views.ledger, name="exchange-ledger"),
    path("exchange/surveys/<int:year>/<str:name>", views.survey, name="exchange-survey"),
    path("exchange/bundles/new/", bundle_views.new, name="bundle-new"),
    path("exchange/bundles/<uuid:key>/", bundle_views.bundle, name="bundle"),
    path("exchange/bundles/<uuid:key>/file", bundle_views.download, name="bundle-file"),
    path("contracts/export/", views.contract_list, name="contracts-export"),
]
