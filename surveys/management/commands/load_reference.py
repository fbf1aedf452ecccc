"""Loads the agencies and the published figures that come with the application."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from surveys.figures import FiguresError
from surveys.reference import ReferenceError, load_agencies, load_figures

FIXTURES = settings.BASE_DIR / "fixtures"


class Command(BaseCommand):
    help = "機関の一覧と、平成29年度調査の公表値を取り込みます（何度実行しても同じ結果です）。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--agencies", type=Path, default=FIXTURES / "agencies.csv", help="機関の一覧（CSV）"
        )
        parser.add_argument(
            "--figures", type=Path, default=FIXTURES / "published-2017.csv", help="公表値（CSV）"
        )

    def handle(self, *args, agencies, figures, **options):
        by, _ = get_user_model().objects.get_or_create(
            username="reference", defaults={"full_name": "基礎データの取込み", "is_active": False}
        )
        try:
            new = load_agencies(agencies, by=by)
            cells = load_figures(
                figures, 2017, by=by, published_on=date(2018, 10, 22), synthetic=True
            )
        except (ReferenceError, FiguresError) as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(f"「{error.filename}」を開けません。", returncode=2) from error
        self.stdout.write(f"agencies added: {new}, published cells: {cells}")
