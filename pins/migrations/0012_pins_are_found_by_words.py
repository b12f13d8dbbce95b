import django.db.models.deletion
from django.db import migrations, models

from community_map.words import keys_of, stems_of

NAME, PUBLIC, STAFF = 0, 1, 2
BATCH = 500


def write_words(apps, schema_editor) -> None:
    """Make the words of the pins that there are, as pins.search does from now on."""
    pins = apps.get_model("pins", "Pin").objects.order_by("pk")
    last, known = 0, set()
    while rows := list(
        pins.filter(pk__gt=last).values(
            *("pk", "name", "description", "meeting"),
            *("category__name", "initiative__name", "near__name", "public_near__name"),
        )[:BATCH]
    ):
        last = rows[-1]["pk"]
        words = _words_of(apps, rows)
        word_rows = apps.get_model("pins", "SearchWord").objects
        word_rows.bulk_create(
            [
                word_rows.model(pin_id=pin, word=word, part=part)
                for (pin, word), part in sorted(words.items())
            ],
            batch_size=5_000,
        )
        new = {word for _pin, word in words} - known
        key_rows = apps.get_model("pins", "SearchKey").objects
        key_rows.bulk_create(
            [key_rows.model(key=key, word=word) for word in sorted(new) for key in sorted(keys_of(word))],
            batch_size=5_000,
        )
        known |= new


def _words_of(apps, rows: list[dict]) -> dict[tuple[int, str], int]:
    texts = []
    for row in rows:
        texts.append((row["pk"], NAME, row["name"]))
        for name in ("description", "category__name", "initiative__name", "public_near__name"):
            texts.append((row["pk"], PUBLIC, row[name]))
        texts += [(row["pk"], STAFF, row[name]) for name in ("meeting", "near__name")]
    keys, pin_model = [row["pk"] for row in rows], apps.get_model("pins", "Pin")
    for part, links in ((PUBLIC, pin_model.public_areas.through), (STAFF, pin_model.areas.through)):
        for pin, name in links.objects.filter(pin__in=keys).values_list("pin_id", "area__name"):
            texts.append((pin, part, name))
    said = apps.get_model("pins", "Connection").objects.filter(pin__in=keys)
    texts += [(pin, STAFF, text) for pin, text in said.values_list("pin_id", "what_worked")]
    found: dict[tuple[int, str], int] = {}
    for pin, part, text in sorted(texts, key=lambda row: row[1]):
        for word in stems_of(text or ""):
            found.setdefault((pin, word), part)
    return found


class Migration(migrations.Migration):
    dependencies = [("pins", "0011_plain_labels_of_categories_and_groups")]

    operations = [
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("word", models.CharField(max_length=40)),
            ],
            options={"indexes": [models.Index(fields=["key", "word"], name="search_key_lookup")]},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40)),
                (
                    "part",
                    models.PositiveSmallIntegerField(choices=[(0, "Name"), (1, "Public"), (2, "Staff")]),
                ),
                (
                    "pin",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="pins.pin",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["word", "part", "pin"], name="search_word_lookup")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pin", "word"), name="search_word_is_one_row_for_a_pin_and_a_word"
                    )
                ],
            },
        ),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
