"""The database itself refuses to change an audit entry, and to delete one that is younger than twelve months."""

from django.db import migrations

TABLE = "community_map_auditentry"
SQLITE = {
    "audit_entry_is_never_changed": f"""
        CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed'); END""",
    # Django stores UTC as text that sorts by time.
    "audit_entry_is_kept_for_twelve_months": f"""
        CREATE TRIGGER audit_entry_is_kept_for_twelve_months BEFORE DELETE ON {TABLE}
        WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%S', 'now', '-12 months')
        BEGIN SELECT RAISE(ABORT, 'an audit entry is kept for twelve months'); END""",
}
POSTGRESQL = {
    "audit_entry_is_never_changed": f"""
        CREATE FUNCTION audit_entry_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'an audit entry is never changed' USING ERRCODE = 'check_violation'; END $$;
        CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_entry_is_never_changed()""",
    "audit_entry_is_kept_for_twelve_months": f"""
        CREATE FUNCTION audit_entry_is_kept_for_twelve_months() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'an audit entry is kept for twelve months' USING ERRCODE = 'check_violation'; END $$;
        CREATE TRIGGER audit_entry_is_kept_for_twelve_months BEFORE DELETE ON {TABLE}
        FOR EACH ROW WHEN (OLD.at > now() - interval '12 months')
        EXECUTE FUNCTION audit_entry_is_kept_for_twelve_months();
        CREATE TRIGGER audit_log_is_never_emptied BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_kept_for_twelve_months()""",
}
UNDO_SQLITE = [f"DROP TRIGGER {name}" for name in SQLITE]
UNDO_POSTGRESQL = [f"DROP FUNCTION {name}() CASCADE" for name in POSTGRESQL]


def guard(apps, schema_editor):
    for statement in (SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL).values():
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in UNDO_SQLITE if schema_editor.connection.vendor == "sqlite" else UNDO_POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("community_map", "0006_audit_log")]

    operations = [migrations.RunPython(guard, unguard)]
