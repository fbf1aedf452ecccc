"""The ledger's one signal. It knows nothing of who listens."""

from django.dispatch import Signal

# Sent by every action inside its transaction, once however many rows it wrote, with
# ``contract_ids`` and ``disclosure_ids``: the contracts, and the provisions of information, whose
# facts changed. Findings follow in the same transaction.
ledger_changed = Signal()
