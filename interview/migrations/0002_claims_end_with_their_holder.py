from django.db import migrations

CREATE = """
CREATE FUNCTION interview_end_claim_without_holder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.token := NULL;
    NEW.lease_ends_at := NULL;
    RETURN NEW;
END
$$;
CREATE TRIGGER assignment_claim_ends_with_its_holder
    BEFORE UPDATE OF holder_id ON interview_assignment
    FOR EACH ROW WHEN (OLD.holder_id IS NOT NULL AND NEW.holder_id IS NULL)
    EXECUTE FUNCTION interview_end_claim_without_holder();
"""
DROP = """
DROP TRIGGER assignment_claim_ends_with_its_holder ON interview_assignment;
DROP FUNCTION interview_end_claim_without_holder();
"""


class Migration(migrations.Migration):
    """When an account is deleted, Django sets one column after the other to NULL.

    Holder, token and end of a claim go together, also between two statements.
    """

    dependencies = [("interview", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
