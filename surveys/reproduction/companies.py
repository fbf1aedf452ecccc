"""Invented contractors, and groups of companies that hold one another."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from itertools import count
from random import Random

from outsourcing import corporate_numbers
from outsourcing.models import Contract, Contractor, NoNumber, Shareholding
from surveys.reproduction import vocabulary

SINCE = date(2010, 4, 1)  # when the holdings of groups began


class Companies:
    """The contractors of one synthetic ledger, made as they are asked for.

    Companies drawn by ``prime`` and ``subcontractor`` are held by nobody, so that only companies
    made by ``subsidiary`` are ever one; none of the former is dissolved.
    """

    def __init__(self, random: Random):
        self.random = random
        self.new_contractors: list[Contractor] = []
        self.new_holdings: list[Shareholding] = []
        self._serial = count(1)
        self._pools = {
            work: [
                self._company(f"架空{stem}{suffix}")
                for suffix in suffixes
                for stem in vocabulary.STEMS
            ]
            for work, suffixes in vocabulary.SUFFIXES.items()
        }
        self._individuals = [
            self._add(
                Contractor(name=f"架空個人{number:03d}", no_number_reason=NoNumber.INDIVIDUAL)
            )
            for number in range(1, 41)
        ]

    def prime(self, work: str) -> Contractor:
        if work in (Contract.Work.OTHER, Contract.Work.TRAINING) and self.random.random() < 0.06:
            return self.random.choice(self._individuals)
        return self.random.choice(self._pools[work])

    def subcontractor(self, work: str, *others: Contractor) -> Contractor:
        """One that is none of ``others``: who gives the work on, and their givers."""
        while True:
            found = self.random.choice(self._pools[work])
            if found not in others:
                return found

    def dissolved(self, work: str, on: date) -> Contractor:
        suffix = self.random.choice(vocabulary.SUFFIXES[work])
        company = self._company(self._name("架空旧", suffix))
        company.dissolved_on = on
        return company

    def subsidiary(
        self,
        parent: Contractor,
        share: int | str,
        *,
        since: date = SINCE,
        until: date | None = None,
        recorded=True,
    ) -> Contractor:
        """A company of which ``parent`` has ``share`` % of the votes, on record or not."""
        suffix = self.random.choice(vocabulary.LAB_SUFFIXES)
        company = self._company(self._name("架空", suffix))
        if recorded:
            self.hold(parent, company, share, since=since, until=until)
        return company

    def hold(
        self, holder: Contractor, held: Contractor, share: int | str, *, since=SINCE, until=None
    ) -> None:
        self.new_holdings.append(
            Shareholding(
                # No draw of its own: that would be another data set.
                public_id=uuid.uuid5(held.public_id, str(len(self.new_holdings))),
                holder=holder,
                held=held,
                share=Decimal(share),
                first_day=since,
                last_day=until,
                source="架空の有価証券報告書",
                synthetic=True,
            )
        )

    def _name(self, prefix: str, suffix: str) -> str:
        return f"{prefix}{self.random.choice(vocabulary.STEMS)}{next(self._serial)}{suffix}"

    def _company(self, name: str) -> Contractor:
        number = corporate_numbers.synthetic_number(next(self._serial))
        return self._add(Contractor(name=name, corporate_number=number))

    def _add(self, contractor: Contractor) -> Contractor:
        # From the seed too, so that the same seed gives the same addresses.
        contractor.public_id = uuid.UUID(int=self.random.getrandbits(128), version=4)
        contractor.synthetic = True
        self.new_contractors.append(contractor)
        return contractor
