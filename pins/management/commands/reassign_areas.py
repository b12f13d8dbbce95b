from django.core.management.base import BaseCommand
from django.db import transaction

from pins import placing


class Command(BaseCommand):
    help = "Work out every pin's areas and public position again. Safe to run at any time."

    def handle(self, *args, **options) -> None:
        with transaction.atomic():
            total = placing.place_all(lambda done, of: self.stderr.write(f"  pins: {done} of {of}"))
        self.stderr.write(f"Areas worked out for {total} pins")
