"""The lists of one's work that the law makes."""

from django.urls import path

from guideline import work_views

urlpatterns = [
    path("tasks/", work_views.due, name="work"),
    path("tasks/approvals/", work_views.approvals, name="work-approvals"),
]
