import json

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder

from community_map.privacy import person_data


class Command(BaseCommand):
    help = "Write everything held about a person to standard output, as JSON."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", help="their email address or account number")

    def handle(self, *args, **options) -> None:
        found = person_data.export(person_data.find(options["email"]), by=None)
        self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
