from django.urls import path

from outsourcing import views

urlpatterns = [
    path("contracts/", views.contract_list, name="contracts"),
    path("contracts/implausible/", views.implausible, name="implausible"),
    path("disclosures/", views.disclosure_list, name="disclosures"),
    path("disclosures/<str:code>/", views.disclosure, name="disclosure"),
    path("contracts/<str:code>/", views.contract, name="contract"),
    path("contracts/<str:code>/history/", views.contract_history, name="contract-history"),
]
