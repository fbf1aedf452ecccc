"""Makes one demo user of each role, and prints their passwords, once."""

from __future__ import annotations

import csv
import secrets

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Role, User
from outsourcing.models import Agency

FIXTURE = settings.BASE_DIR / "fixtures" / "demo-users.csv"


class Command(BaseCommand):
    help = "役割ごとに一人のデモ利用者を作り、パスワードを表示します（二度目からは何もしません）。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", action="store_true", help="デモ利用者のパスワードを作り直して表示します"
        )

    @transaction.atomic
    def handle(self, *args, reset, **options):
        with FIXTURE.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        made = [line for row in rows if (line := self._make(row, reset))]
        if made:
            self.stdout.write("デモ利用者（このパスワードは二度と表示されません）:")
            self.stdout.write("\n".join(made))

    def _make(self, row: dict, reset: bool) -> str:
        user, created = User.objects.get_or_create(
            username=row["username"], defaults={"full_name": row["full_name"]}
        )
        if not (created or reset):
            return ""
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save()
        if created:
            agency = Agency.objects.get(code=row["agency"]) if row["agency"] else None
            today = timezone.localdate()
            Membership.objects.create(
                user=user, role=row["role"], agency=agency, first_day=today, confirmed_on=today
            )
        where = f"（{agency_name(row)}）" if row["agency"] else ""
        return f"  {row['username']:<16} {password}  {Role(row['role']).label}{where}"


def agency_name(row: dict) -> str:
    return Agency.objects.get(code=row["agency"]).name
