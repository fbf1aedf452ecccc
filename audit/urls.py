from django.urls import path

from audit import views

urlpatterns = [
    path("findings/", views.finding_list, name="findings"),
    path("findings/changes/", views.changes, name="finding-changes"),
]
