from django.urls import path

from outsourcing import views

urlpatterns = [
    path("contracts/", views.contract_list, name="contracts"),
    path("contracts/implausible/", views.implausible, name="implausible"),
    path("contracts/<str:code>/", views.contract, name="contract"),
]
