from django.core.management.base import BaseCommand

from pins import search
from pins.models import Pin


class Command(BaseCommand):
    help = "Write the words by which pins are found again. Safe to run at any time; the portal keeps them right by itself."

    def handle(self, *args, **options) -> None:
        told = 0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if done - told >= 5_000:
                told = done
                self.stderr.write(f"  pins: {done:,} of {total:,}")

        total = search.write_all(Pin.objects.all(), progress)
        gone = search.tidy()
        self.stderr.write(
            f"Words written for {total:,} pins. {gone:,} rows about words that no pin has were deleted."
        )
