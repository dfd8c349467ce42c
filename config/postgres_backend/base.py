"""The stock backend, and before the first connection the embedded server if it is configured.

With `"EMBEDDED_DATA_DIR": <folder>` in the database's settings the server of that folder is
started when a connection is about to be opened, and its database is created if it is missing.
Without it this is the stock backend, but for `fetch_prepared()`.
"""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import psycopg
from django.db.backends.postgresql import client
from django.db.utils import NotSupportedError
from django.utils.asyncio import async_unsafe
from psycopg import Connection
from psycopg.errors import DuplicateDatabase, UniqueViolation
from psycopg.sql import SQL, Identifier

from config import embedded_postgres
from config.postgres_backend.prepared import PreparedStatements

SUPPORTED_MAJORS = embedded_postgres.SUPPORTED_MAJORS


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, with the embedded server's own `psql` where the system has none."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        data_dir = settings_dict.get("EMBEDDED_DATA_DIR")
        if data_dir is None:
            return super().settings_to_cmd_args_env(settings_dict, parameters)
        server = embedded_postgres.ensure_running(data_dir)
        where = {"HOST": server.host, "PORT": server.port, "USER": server.user}
        args, env = super().settings_to_cmd_args_env({**settings_dict, **where}, parameters)
        if shutil.which(args[0]) is None and (psql := embedded_postgres.psql_path()) is not None:
            args[0] = str(psql)
        return args, env

    def runshell(self, parameters: Iterable[str]) -> None:
        self.connection.ensure_connection()
        super().runshell(parameters)


class DatabaseWrapper(PreparedStatements):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """Return where to connect to, where a server answers if it is the embedded one.

        Raises:
            EmbeddedPostgresError: if the embedded server can't be started.
        """
        params = super().get_connection_params()
        data_dir = self.settings_dict.get("EMBEDDED_DATA_DIR")
        if data_dir is not None:
            server = embedded_postgres.ensure_running(data_dir)
            params |= {"host": server.host, "port": server.port, "user": server.user}
        return params

    def check_database_version_supported(self) -> None:
        """Accept the versions that the tests run on; Django calls it at the first connection.

        Raises:
            NotSupportedError: with the sentence that says what to do.
        """
        major = self.pg_version // 10_000
        if major not in SUPPORTED_MAJORS:
            oldest, newest = min(SUPPORTED_MAJORS), max(SUPPORTED_MAJORS)
            raise NotSupportedError(
                f"The database is Postgres {major}: point DATABASE_URL at one from "
                f"{oldest} to {newest}."
            )

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        try:
            return super().get_new_connection(conn_params)  # type: ignore[no-any-return]
        except self.Database.OperationalError:
            if not self._see_to_database(conn_params):
                raise
        return super().get_new_connection(conn_params)  # type: ignore[no-any-return]

    def _see_to_database(self, conn_params: dict[str, Any]) -> bool:
        """Create the embedded server's database if it is missing; false if that is not our affair.

        True also where it is there: another process may have made it just then.

        `NAME` is None on the connections by which Django itself creates and deletes databases.
        """
        name = self.settings_dict["NAME"]
        if name is None or self.settings_dict.get("EMBEDDED_DATA_DIR") is None:
            return False
        maintenance = {**conn_params, "dbname": "postgres", "autocommit": True}
        with psycopg.connect(**maintenance) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is not None:
                return True
            # Another process may be quicker, also at this moment.
            with suppress(DuplicateDatabase, UniqueViolation):
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return True
