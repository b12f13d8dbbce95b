"""Give SQLite's full-text table the Porter stemmer, as PostgreSQL's "english" has; "councils" finds "council"."""

from django.db import migrations

TABLE = "modelsearch_indexentry_fts"
FILL = (
    "INSERT INTO modelsearch_indexentry_fts (rowid, title, body, autocomplete)"
    " SELECT id, title, body, autocomplete FROM modelsearch_indexentry"
)


def make_table(schema_editor, tokenizer: str) -> None:
    if schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute(f"DROP TABLE {TABLE}")
    schema_editor.execute(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(autocomplete, body, title{tokenizer})")
    schema_editor.execute(FILL)


def stem(apps, schema_editor):
    make_table(schema_editor, ", tokenize = 'porter unicode61 remove_diacritics 2'")


def stem_no_more(apps, schema_editor):
    make_table(schema_editor, "")


class Migration(migrations.Migration):
    dependencies = [
        ("toolkit", "0001_initial"),
        ("modelsearch", "0004_rename_modelsear_autocom_476c89_gin_modelsearch_autocom_ea8581_gin_and_more"),
    ]

    operations = [migrations.RunPython(stem, stem_no_more)]
