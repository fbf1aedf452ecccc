"""The counts of the five tables by the best bare SQL found, as the peer of the ORM's.

Several ways are tried each time and the quickest counts, so that the peer is never a straw man.
"""

# ruff: noqa: S608  (nothing here comes from outside)

from __future__ import annotations

from django.db import connection

POPULATION = """
k.voided_on IS NULL AND k.information = %s AND k.synthetic IN (true)
AND k.first_day <= %s AND k.last_day >= %s AND k.last_day >= k.first_day
"""
BREACHING = """
SELECT contract_id FROM guideline_finding
 WHERE severity = 'breach' AND since <= %s AND (until IS NULL OR until > %s)
"""

# One pass with a join: every contract with what was confirmed of it.
JOINED = f"""
SELECT k.agency_id, c.result, k.id IN ({BREACHING}) AS broken, COUNT(*)
  FROM outsourcing_contract k
  LEFT JOIN surveys_confirmation c
    ON c.contract_id = k.id AND c.survey_id = %s AND c.voided_on IS NULL
 WHERE {POPULATION} GROUP BY 1, 2, 3
"""
# Contracts by agency from an index, confirmations from another, and the few with a breach.
CONTRACTS = (
    f"SELECT k.agency_id, COUNT(*) FROM outsourcing_contract k WHERE {POPULATION} GROUP BY 1"
)
STANDING = "FROM surveys_confirmation WHERE survey_id = %s AND voided_on IS NULL AND stands"
CONFIRMATIONS = f"SELECT agency_id, result, COUNT(*) {STANDING} GROUP BY 1, 2"
BROKEN = f"SELECT agency_id, result {STANDING} AND contract_id IN ({BREACHING})"


def _run(sql: str, parameters) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def joined(surveys) -> list:
    """One query a survey."""
    found = []
    for s in surveys:
        days = [str(s.last_day), str(s.first_day)]
        found += _run(JOINED, [*days, s.pk, s.information, *days])
    return found


def apart(surveys) -> list:
    """Three queries a survey."""
    found = []
    for s in surveys:
        days = [str(s.last_day), str(s.first_day)]
        found += _run(CONTRACTS, [s.information, *days])
        found += _run(CONFIRMATIONS, [s.pk])
        found += _run(BROKEN, [s.pk, *days])
    return found


WAYS = {"joined": joined, "apart": apart}
