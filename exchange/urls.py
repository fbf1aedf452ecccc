from django.urls import path

from exchange import bundle_views, import_columns, import_views, views

urlpatterns = [
    path("exchange/", views.index, name="exchange"),
    path("exchange/templates/<str:code>.xlsx", views.template, name="exchange-template"),
    path("exchange/ledger/<str:name>", views.ledger, name="exchange-ledger"),
    path("exchange/surveys/<int:year>/<str:name>", views.survey, name="exchange-survey"),
    path("exchange/bundles/new/", bundle_views.new, name="bundle-new"),
    path("exchange/bundles/<uuid:key>/", bundle_views.bundle, name="bundle"),
    path("exchange/bundles/<uuid:key>/file", bundle_views.download, name="bundle-file"),
    path("imports/", import_views.index, name="imports"),
    path("imports/now/", import_views.now, name="import-now"),
    path("imports/<uuid:public_id>/", import_views.show, name="import"),
    path("imports/<uuid:public_id>/marked.xlsx", import_views.marked, name="import-marked"),
    path("imports/<uuid:public_id>/release/", import_views.release, name="import-release"),
    path("imports/<uuid:public_id>/withdraw/", import_views.withdraw, name="import-withdraw"),
    path("imports/<uuid:public_id>/again/", import_views.again, name="import-again"),
    path(
        "imports/<uuid:public_id>/sheets/<int:number>/",
        import_columns.columns,
        name="import-columns",
    ),
    path("contracts/export/", views.contract_list, name="contracts-export"),
]
