from django.urls import path

from audit import crosstab_views

urlpatterns = [
    path("crosstab/", crosstab_views.crosstab, name="crosstab"),
    path("crosstab/contracts/", crosstab_views.contracts, name="crosstab-contracts"),
    path("crosstab/table.<slug:kind>", crosstab_views.export, name="crosstab-export"),
]
