"""A set of servers in one folder: which there are, where they listen, which run."""

import contextlib
import fcntl
import json
import os
import pathlib
import signal
import time

from cassandra import Cassandra
from elasticsearch import Elasticsearch
from failure import Failure
from jars import fetch
from kafka import Kafka
from opensearch import OpenSearch
from ports import free_ports
from processes import Process
from redis import Redis

KINDS = {kind.NAME: kind for kind in (Cassandra, Elasticsearch, OpenSearch, Kafka, Redis)}  # slowest to start first
PORT_ATTEMPTS = 3
PROBE_INTERVAL_SECONDS = 0.05
LOG_LINES = 15


def jars_of(kind, say):
    """The folder with the jars of a kind of server; None when it needs none."""
    return fetch(kind.POM, say) if kind.POM else None


class PortTaken(Failure):
    """Another process took a port between the choice and the start."""


class ServerSet:
    """The servers of one folder. services.json there is their public face and the only memory between commands.

    Commands on the same set wait for each other. `say` is told what takes long.
    """

    def __init__(self, folder, say):
        self.folder = pathlib.Path(folder).resolve()
        self.say = say

    @property
    def file(self):
        """Where clients find endpoints and pids; it exists from the first `up` to `down`."""
        return self.folder / "services.json"

    def up(self, names, options):
        """Starts the named servers that do not run yet and waits until all are ready; one that fails takes the others of this call with it."""
        jars = {name: jars_of(KINDS[name], self.say) for name in KINDS if name in names}
        with self._locked():
            entries = self._read()
            missing = [name for name in jars if not (name in entries and self._process(entries[name]).alive())]
            try:
                for name in missing:
                    entry = entries.get(name) or {"options": options, "ports": self._free_ports(name)}
                    self._launch(name, entries, entry, jars[name])
                for name in missing:
                    self._await_with_other_ports(name, entries, jars[name])
            except BaseException:
                for name in set(missing) & set(entries):
                    self._process(entries[name]).kill()
                raise

    def down(self, force=False):
        """Stops every server of the set: by request, or with `force` by SIGKILL. Their data stays."""
        if not self.folder.is_dir():
            return
        with self._locked():
            stops = [(self._process(entry), KINDS[name].STOP_SECONDS) for name, entry in self._read().items()]
            for process, _ in stops:
                process.signal(signal.SIGKILL if force else signal.SIGTERM)
            for process, seconds in stops:
                process.stop(seconds)
            self.file.unlink(missing_ok=True)

    def start(self, name):
        """Starts a stopped server again, on its ports and its data; nothing happens when it runs."""
        with self._locked():
            entries = self._read()
            entry = self._entry(name, entries)
            if not self._process(entry).alive():
                jars = jars_of(KINDS[name], self.say)
                self._launch(name, entries, entry, jars)
                self._await(name, entries)

    def stop(self, name, force=False):
        """Stops a server: by request, or with `force` by SIGKILL. Returns when the process is gone."""
        with self._locked():
            entries = self._read()
            process = self._process(self._entry(name, entries))
            if force:
                process.kill()
            else:
                process.stop(KINDS[name].STOP_SECONDS)
            entries[name].update(pid=None, started=None)
            self._write(entries)

    def status(self):
        """Name → "ready", "running" (but without an answer) or "stopped"."""
        entries = self._read()
        return {name: self._state(name, entry) for name, entry in entries.items()}

    def _state(self, name, entry):
        if not self._process(entry).alive():
            return "stopped"
        return "ready" if self._server(name, entry).is_ready() else "running"

    def _launch(self, name, entries, entry, jars):
        """Starts one server and notes it in services.json at once, so that it is stopped whatever happens next."""
        server = self._server(name, entry)
        process = server.launch(jars)
        entries[name] = {**server.endpoint(), "pid": process.pid, "started": process.started, "ports": server.ports, "options": server.options}
        self._write(entries)

    def _await_with_other_ports(self, name, entries, jars):
        """Waits for a server of a new set, which may still change its ports."""
        for _ in range(PORT_ATTEMPTS - 1):
            try:
                return self._await(name, entries)
            except PortTaken:
                self._launch(name, entries, {**entries[name], "ports": self._free_ports(name)}, jars)
        return self._await(name, entries)

    def _await(self, name, entries):
        """Returns when the server answers; raises with the end of its log when it ends before or takes too long."""
        entry = entries[name]
        server, process = self._server(name, entry), self._process(entry)
        deadline = time.monotonic() + server.START_SECONDS
        while not server.is_ready():
            ended = process.wait(PROBE_INTERVAL_SECONDS)
            if ended or time.monotonic() > deadline:
                lines = server.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
                if ended and any("in use" in line for line in lines):
                    raise PortTaken(f"{name}: a port of {server.ports} is in use")
                what = "ended before it was ready" if ended else f"was not ready after {server.START_SECONDS} s"
                raise Failure("\n".join([f"{name} {what}; the end of {server.log}:", *lines]))

    def _server(self, name, entry):
        return KINDS[name](self.folder / name, entry["ports"], entry["options"])

    @staticmethod
    def _free_ports(name):
        names = KINDS[name].PORT_NAMES
        return dict(zip(names, free_ports(len(names))))

    @staticmethod
    def _process(entry):
        return Process(entry["pid"], entry["started"])

    def _entry(self, name, entries):
        if name not in entries:
            raise Failure(f"{name} is not in {self.file}. Start it with: services up {name} --dir {self.folder}")
        return entries[name]

    def _read(self):
        try:
            return json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}

    def _write(self, entries):
        """Replaces services.json as a whole: a reader sees the old or the new one."""
        partial = self.file.with_suffix(".partial")
        partial.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
        os.replace(partial, self.file)

    @contextlib.contextmanager
    def _locked(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
