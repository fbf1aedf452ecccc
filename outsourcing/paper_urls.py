from django.urls import path

from outsourcing import paper_views

urlpatterns = [
    path("contracts/<str:code>/paper/", paper_views.ledger_sheet, name="contract-paper"),
    path("contracts/<str:code>/structure/", paper_views.structure, name="structure-paper"),
    path("inspections/plan/<int:year>/paper/", paper_views.plan, name="inspection-plan-paper"),
    path("inspections/<str:code>/paper/", paper_views.inspection, name="inspection-paper"),
]
