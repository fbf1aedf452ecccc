from django.urls import path

from surveys import views

urlpatterns = [
    path("", views.home, name="home"),
    path("surveys/", views.latest, name="surveys"),
    path("surveys/<int:year>/", views.overview, name="survey"),
    path("surveys/<int:year>/tables/<slug:key>/", views.table, name="survey-table"),
    path(
        "surveys/<int:year>/contracts/<slug:information>/",
        views.contracts,
        name="survey-contracts",
    ),
    path("surveys/<int:year>/reconciliation/", views.reconciliation, name="reconciliation"),
    path("surveys/<int:year>/contradictions/", views.contradicting, name="contradictions"),
    path("surveys/<int:year>/supervised/", views.supervised, name="supervised"),
    path("surveys/<int:year>/exports/", views.exports, name="exports"),
    path("surveys/<int:year>/exports/<str:name>", views.download, name="download"),
]
