from django.urls import path

from outsourcing import section_views, views

urlpatterns = [
    path("contracts/", views.contract_list, name="contracts"),
    path("contracts/implausible/", views.implausible, name="implausible"),
    path("disclosures/", views.disclosure_list, name="disclosures"),
    path("disclosures/<str:code>/", views.disclosure, name="disclosure"),
    path("contracts/<str:code>/", views.contract, name="contract"),
    path("contracts/<str:code>/history/", views.contract_history, name="contract-history"),
    path("contracts/<str:code>/transfer/", section_views.transfer, name="contract-transfer"),
    path("sections/<str:agency>/", section_views.section_list, name="sections"),
    path("sections/<str:agency>/new/", section_views.new, name="section-new"),
    path("sections/<str:agency>/merge/", section_views.merge, name="section-merge"),
    path("sections/<str:agency>/of/<str:code>/", section_views.section, name="section"),
    path("supervision/", section_views.supervisor_list, name="supervisors"),
    path("supervision/<str:code>/", section_views.supervisor, name="supervisor"),
]
