"""A database as large as wanted: what a busy year leaves behind, made by SQL in a minute or two.

`fill(A_MILLION)` makes a library, people who have sat interviews of it, and reviewers with a queue.
Whatever the size, a person has as many interviews, a set as many questions and the queue as many
that wait: so the same page shows as much, and only what it must not read is larger.
"""

from dataclasses import dataclass

from django.db import connection, transaction

from interview.groups import LEADS, REVIEWERS

FIRST = 10_000_000
"""Numbers of rows begin above it, so that they get in nobody's way."""
SITTINGS = 20
"""Interviews of each person, the last of which may be under way."""
IN_A_SET = 20
REVIEWERS_COUNT = 20
WAITING = 60


@dataclass(frozen=True)
class Size:
    interviews: int
    answers_each: int
    questions: int

    @property
    def people(self) -> int:
        return self.interviews // SITTINGS

    @property
    def answers(self) -> int:
        return self.interviews * self.answers_each


A_THOUSAND = Size(interviews=1_000, answers_each=10, questions=1_000)
A_MILLION = Size(interviews=100_000, answers_each=10, questions=100_000)


def candidate_email(number: int) -> str:
    return f"sized-{number}@example.com"


def reviewer_email(number: int) -> str:
    return f"sized-reviewer-{number}@example.com"


def session_key(number: int) -> str:
    """Of the candidate with that number, who is logged in by it."""
    return f"sized{number:027}"


PEOPLE = """
    INSERT INTO accounts_user
        (id, password, is_superuser, email, name, is_staff, is_active, single_keys, date_joined)
    SELECT %(first)s + n, '!', false, 'sized-' || n || '@example.com', 'Person ' || n, false, true,
        true, now()
    FROM generate_series(1, %(people)s) AS n;

    INSERT INTO accounts_user
        (id, password, is_superuser, email, name, is_staff, is_active, single_keys, date_joined)
    SELECT %(first)s - n, '!', false, 'sized-reviewer-' || n || '@example.com', 'Reviewer ' || n,
        true, true, true, now()
    FROM generate_series(1, %(reviewers)s) AS n;

    INSERT INTO accounts_user_groups (user_id, group_id)
    SELECT %(first)s - n, auth_group.id
    FROM generate_series(1, %(reviewers)s) AS n, auth_group
    WHERE auth_group.name IN (%(reviewers_group)s, %(leads_group)s);

    INSERT INTO session (session_key, session_data, expire_date, user_id)
    SELECT 'sized' || lpad(n::text, 27, '0'), '', now() + interval '14 days', %(first)s + n
    FROM generate_series(1, %(people)s) AS n;
"""

# Common words and some that one question in a thousand has.
LIBRARY = """
    CREATE TEMP TABLE word ON COMMIT DROP AS
    SELECT number - 1 AS place, text FROM unnest(ARRAY[
        'pod', 'service', 'node', 'scheduler', 'kubelet', 'etcd', 'volume', 'claim', 'ingress',
        'probe', 'replica', 'rollout', 'label', 'selector', 'taint', 'quota', 'secret', 'token',
        'controller', 'endpoint', 'proxy', 'route', 'image', 'limit', 'eviction', 'lease', 'job'
    ]) WITH ORDINALITY AS words (text, number);

    CREATE TEMP TABLE sized_question ON COMMIT DROP AS
    SELECT n, %(first)s + n AS id, %(first)s + (n - 1) / %(in_a_set)s + 1 AS set_id,
        'How does a ' || one.text || ' meet a ' || two.text || ', case ' || n || '?' AS prompt,
        'The ' || two.text || ' is told by the ' || three.text || ' what the ' || one.text
            || E' wants.\n\nRare is only r' || md5((n %% 997)::text) || '. '
            || repeat('It waits for the next turn of its loop. ', 2) AS answer
    FROM generate_series(1, %(questions)s) AS n
    JOIN word AS one ON one.place = n %% 27
    JOIN word AS two ON two.place = n * 7 / 27 %% 27
    JOIN word AS three ON three.place = n * 11 / 729 %% 27;

    INSERT INTO questions_topic (id, slug, title)
    SELECT %(first)s + n, 'sized-' || n, 'Sized topic ' || n FROM generate_series(1, 20) AS n;

    INSERT INTO questions_questionset
        (id, slug, title, status, license, despite_licence, checked_against, sources, extra,
         updated_at, summary, description, level)
    SELECT DISTINCT set_id, 'sized-' || set_id - %(first)s, 'Sized set ' || set_id - %(first)s,
        'published', 'CC-BY-4.0', false, '', '[]'::jsonb, '', now(), 'A set of twenty.', '', ''
    FROM sized_question;

    INSERT INTO questions_question
        (id, question_set_id, slug, position, status, prompt, body, answer, difficulty, minutes,
         follow_ups, sources, updated_at)
    SELECT id, set_id, 'q-' || n, (n - 1) %% %(in_a_set)s + 1, 'published', prompt, '', answer,
        n %% 3 + 1, 5, '[]', '[]', now()
    FROM sized_question;

    INSERT INTO questions_questionset_topics (questionset_id, topic_id)
    SELECT DISTINCT set_id, %(first)s + 1 + set_id %% 20 FROM sized_question;

    INSERT INTO questions_question_topics (question_id, topic_id)
    SELECT id, %(first)s + 1 + n %% 20 FROM sized_question WHERE n %% 2 = 0;

    INSERT INTO questions_keypoint
        (id, question_id, key, position, text, weight, retired)
    SELECT %(first)s + 2 * n + position, id, 'point-' || position, position, 'It is said. ' || n, 1,
        false
    FROM sized_question, generate_series(1, 2) AS position;

    INSERT INTO questions_questionversion (id, question_id, number, digest, content, created_at)
    SELECT id, id, 1, md5(n::text) || md5(n::text),
        jsonb_build_object('prompt', prompt, 'body', '', 'answer', answer, 'key_points', (
            SELECT jsonb_agg(jsonb_build_object(
                'key', 'point-' || position, 'text', 'It is said. ' || n, 'weight', 1))
            FROM generate_series(1, 2) AS position
        )),
        now() - interval '800 days'
    FROM sized_question;
"""

# Their ids are ordered in time, as those made by the app. The newest round of interviews, one of
# each person, is of today: who has an even number is in the middle of theirs, the others wait for a
# review. Of the rounds before, every second is reviewed.
SITTINGS_AND_REVIEWS = """
    CREATE FUNCTION pg_temp.id_at(moment timestamptz, salt text) RETURNS uuid
    LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0')
            || '7' || substr(md5(salt), 1, 3) || '8' || substr(md5(salt), 4, 15))::uuid
    $$;

    CREATE TEMP TABLE sat ON COMMIT DROP AS
    SELECT n, pg_temp.id_at(at, 'interview ' || n) AS id, %(first)s + (n - 1) %% %(people)s + 1 AS
        candidate, at, at + interval '50 minutes' AS ended, n * 37 %% %(questions)s AS asks,
        round = %(sittings)s - 1 AND n %% 2 = 0 AS open, round %% 2 = 0 AS reviewed
    FROM (
        SELECT n, (n - 1) / %(people)s AS round, now() - interval '2 hours'
            - (%(interviews)s - n) * interval '200 days' / %(interviews)s AS at
        FROM generate_series(1, %(interviews)s) AS n
    ) AS times;

    INSERT INTO interview_interview
        (id, candidate_id, title, question_set_id, mode, "limit", time_factor, started_at, deadline,
         ended_at, revealed_at, extensions)
    SELECT id, candidate, 'Sized', %(first)s + asks / %(in_a_set)s + 1, 'free', interval '1 hour',
        1, at, CASE WHEN open THEN now() + interval '1 hour' ELSE at + interval '1 hour' END,
        CASE WHEN NOT open THEN ended END, CASE WHEN NOT open THEN ended END, 0
    FROM sat;

    INSERT INTO interview_answer
        (id, interview_id, position, question_version_id, minutes, text, revision, last_revision,
         writer, sequence, saved_at, opened_at, closes_at, accepts_until, kept_at, flagged)
    SELECT %(first)s + (n - 1) * %(each)s + position, id, position,
        %(first)s + (asks + position - 1) %% %(questions)s + 1, 5,
        CASE WHEN position <= 8 THEN 'I would look at ' || repeat(md5((n * position)::text), 8)
            ELSE '' END,
        (position <= 8)::int, (position <= 8)::int, NULL, 0,
        CASE WHEN position <= 8 THEN at + interval '5 minutes' END, at,
        CASE WHEN open THEN now() + interval '1 hour' ELSE ended END,
        CASE WHEN open THEN now() + interval '1 hour 10 seconds' ELSE ended END,
        CASE WHEN position <= 8 THEN at + interval '5 minutes' END, false
    FROM sat, generate_series(1, %(each)s) AS position;

    INSERT INTO interview_revision (interview_id, answer_id, number, kind, text, saved_at)
    SELECT interview_id, id, revision, 'typing', text, saved_at
    FROM interview_answer WHERE id > %(first)s AND revision > 0;

    INSERT INTO interview_assignment
        (id, interview_id, slot, pseudonym, asked_at, done_at)
    SELECT gen_random_uuid(), id, 1, 'Quiet Owl', ended,
        CASE WHEN reviewed THEN ended + (n %% 72) * interval '1 hour' END
    FROM (
        SELECT *, count(*) FILTER (WHERE NOT reviewed AND NOT open) OVER (ORDER BY n DESC) AS back
        FROM sat
    ) AS sat
    WHERE reviewed OR NOT open AND back <= %(waiting)s;

    INSERT INTO interview_review
        (id, interview_id, author_id, kind, reason, score, created_at, published_at, visible_from)
    SELECT pg_temp.id_at(ended, 'self ' || n), id, candidate, 'self', '', 60, ended, ended, ended
    FROM sat WHERE NOT open;

    INSERT INTO interview_review
        (id, interview_id, assignment_id, author_id, kind, reason, knowledge, reasoning,
         communication, score, created_at, published_at, visible_from)
    SELECT pg_temp.id_at(assignment.done_at, 'review ' || n), sat.id, assignment.id,
        %(first)s - 1 - n / 2 %% %(reviewers)s, 'reviewer', '', 3, 3, 3, 70,
        assignment.done_at - interval '20 minutes', assignment.done_at, assignment.done_at
    FROM sat JOIN interview_assignment AS assignment ON assignment.interview_id = sat.id
    WHERE reviewed;

    INSERT INTO interview_mark (review_id, interview_id, answer_id, key, key_point_id, value)
    SELECT review.id, sat.id, %(first)s + (n - 1) * %(each)s + position, 'point-' || point,
        %(first)s + 2 * ((asks + position - 1) %% %(questions)s + 1) + point,
        (ARRAY['full', 'half', 'missed'])[(n + position) %% 3 + 1]
    FROM sat JOIN interview_review AS review ON review.interview_id = sat.id,
        generate_series(1, %(each)s) AS position, generate_series(1, 2) AS point
    WHERE review.kind = 'reviewer';

    INSERT INTO interview_comment
        (review_id, interview_id, answer_id, text, revision, last_revision, sequence)
    SELECT review.id, sat.id, %(first)s + (n - 1) * %(each)s + 1, 'Say why.', 1, 1, 1
    FROM sat JOIN interview_review AS review ON review.interview_id = sat.id
    WHERE review.kind = 'reviewer';
"""


def fill(size: Size) -> None:
    """Make all that in one transaction, and let Postgres count it. For an empty database."""
    values: dict[str, int | str] = {
        "first": FIRST,
        "people": size.people,
        "interviews": size.interviews,
        "each": size.answers_each,
        "questions": size.questions,
        "sittings": SITTINGS,
        "in_a_set": IN_A_SET,
        "reviewers": REVIEWERS_COUNT,
        "waiting": WAITING,
        "reviewers_group": REVIEWERS,
        "leads_group": LEADS,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.connection.info.parameter_status("is_superuser") == "on":
            # What refers to what is right by the way it is made; to check it takes twice as long.
            cursor.execute("SET LOCAL session_replication_role = replica")
        for statements in (PEOPLE, LIBRARY, SITTINGS_AND_REVIEWS):
            cursor.execute(statements, values)
        cursor.execute("ANALYZE")
