from django.core.management.base import BaseCommand

from community_map import mail


class Command(BaseCommand):
    help = "Send the emails waiting in the outbox. Run it every few minutes; it is safe to run at any time."

    def handle(self, *args, **options) -> None:
        sent, failed = mail.send_outbox()
        self.stderr.write(f"{sent} sent, {failed} failed")
