"""The ledger takes new rows and nothing else. Changing a trigger here needs its digest in activity/reports.py."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER ledger_no_update BEFORE UPDATE ON activity_entry
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only: a row of it cannot be changed. Write a compensating row.'); END""",
    """CREATE TRIGGER ledger_no_delete BEFORE DELETE ON activity_entry
BEGIN SELECT RAISE(ABORT, 'The ledger is append-only: a row of it cannot be deleted. Write a compensating row.'); END""",
    """CREATE TRIGGER content_only_erase BEFORE UPDATE ON activity_content
WHEN NOT (NEW.id IS OLD.id AND NEW.salt IS NULL AND NEW.content IS NULL AND NEW.dek IS NULL
AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'The content of a ledger row can be erased, and in no other way changed.'); END""",
    """CREATE TRIGGER content_no_delete BEFORE DELETE ON activity_content
BEGIN SELECT RAISE(ABORT, 'The content of a ledger row can be erased; its line stays and says so.'); END""",
]

POSTGRESQL = [
    # What the sealer orders by: the transaction, and the place within it.
    "ALTER TABLE activity_entry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE SEQUENCE activity_entry_place",
    "ALTER TABLE activity_entry ADD COLUMN place bigint NOT NULL DEFAULT nextval('activity_entry_place')",
    "ALTER SEQUENCE activity_entry_place OWNED BY activity_entry.place",
    "CREATE INDEX entry_unsealed ON activity_entry (tx, place) WHERE seq IS NULL",
    """CREATE FUNCTION ledger_only_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unsealed activity_entry := NEW;
BEGIN
  unsealed.seq := NULL; unsealed.hash := NULL;
  IF OLD.seq IS NULL AND OLD.hash IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL AND unsealed IS NOT DISTINCT FROM OLD THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The ledger is append-only: a row of it cannot be changed. Write a compensating row.' USING ERRCODE = 'integrity_constraint_violation';
END $$""",
    """CREATE FUNCTION ledger_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only: nothing of it can be deleted. Write a compensating row.' USING ERRCODE = 'integrity_constraint_violation';
END $$""",
    """CREATE FUNCTION content_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id = OLD.id AND NEW.salt IS NULL AND NEW.content IS NULL AND NEW.dek IS NULL AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'The content of a ledger row can be erased, and in no other way changed.' USING ERRCODE = 'integrity_constraint_violation';
END $$""",
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON activity_entry FOR EACH ROW EXECUTE FUNCTION ledger_only_seal()",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON activity_entry FOR EACH ROW EXECUTE FUNCTION ledger_no_delete()",
    "CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON activity_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_delete()",
    "CREATE TRIGGER content_only_erase BEFORE UPDATE ON activity_content FOR EACH ROW EXECUTE FUNCTION content_only_erase()",
    "CREATE TRIGGER content_no_delete BEFORE DELETE ON activity_content FOR EACH ROW EXECUTE FUNCTION ledger_no_delete()",
    "CREATE TRIGGER content_no_truncate BEFORE TRUNCATE ON activity_content FOR EACH STATEMENT EXECUTE FUNCTION ledger_no_delete()",
]

BACK = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {name}"
        for name in (
            "ledger_no_update",
            "ledger_no_delete",
            "content_only_erase",
            "content_no_delete",
        )
    ],
    "postgresql": [
        "DROP FUNCTION ledger_only_seal CASCADE",
        "DROP FUNCTION ledger_no_delete CASCADE",
        "DROP FUNCTION content_only_erase CASCADE",
        "ALTER TABLE activity_entry DROP COLUMN tx, DROP COLUMN place",
    ],
}


def forwards(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_first_tables")]

    operations = [migrations.RunPython(forwards, backwards)]
