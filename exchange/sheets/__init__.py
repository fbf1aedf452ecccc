"""The sheets of a workbook of the ledger, in their order."""

from __future__ import annotations

from exchange.sheets import (
    amendments,
    anonymization,
    approvals,
    companies,
    contracts,
    disclosures,
    disposals,
    events,
    flow_down,
    inspections,
    links,
    notices,
    papers,
    plans,
    reasons,
    surveyed,
)
from exchange.sheets.base import Sheet

SHEETS: tuple[Sheet, ...] = (
    contracts.SHEET,
    links.SHEET,
    approvals.SHEET,
    notices.SHEET,
    flow_down.SHEET,
    inspections.SHEET,
    plans.SHEET,
    amendments.SHEET,
    papers.SELECTION,
    papers.CONFIRMATION,
    anonymization.DECISION,
    anonymization.MEASURE,
    disposals.SHEET,
    events.REPORT,
    events.FAULT,
    events.INCIDENT,
    reasons.JUSTIFICATION,
    reasons.CORRECTION,
    disclosures.SHEET,
    surveyed.SHEET,
    companies.COMPANY,
    companies.HOLDING,
)
BY_KEY = {sheet.key: sheet for sheet in SHEETS}
BY_TITLE = {sheet.title: sheet for sheet in SHEETS}

# Sheets of our workbooks that are no rows: what a column means, and what may be chosen.
GUIDE, LISTS = "記入要領", "選択肢"
# What stands before a workbook that came back with its mistakes marked.
MISTAKES = "誤りの一覧"
