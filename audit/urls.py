from django.urls import path

from audit import comparing_views, views

urlpatterns = [
    path("findings/", views.finding_list, name="findings"),
    path("findings/changes/", comparing_views.changes, name="finding-changes"),
]
