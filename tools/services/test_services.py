"""Tests of the command itself, with Redis, the server that is there in no time, and of the search nodes, whose launcher is our own.

Run: python3 tools/services/test_services.py
"""

# pylint: disable=missing-function-docstring; the name of a test says what it shows

import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.request

from processes import Process, start_time

COMMAND = pathlib.Path(__file__).parent / "services"
PATIENCE_SECONDS = 30
SEARCH_SECONDS = 150


def services(*words, seconds=PATIENCE_SECONDS):
    """Runs the command to its end."""
    return subprocess.run([COMMAND, *words], capture_output=True, text=True, check=False, timeout=seconds)


def ask_redis(endpoint, line):
    """The first line Redis answers; raises OSError when it is away."""
    with socket.create_connection((endpoint["host"], endpoint["port"]), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(f"{line}\r\nQUIT\r\n".encode())
        return connection.makefile("rb").readline().strip().decode()


def ask_search(endpoint, method, path, body=None):
    """The JSON that a search node answers."""
    request = urllib.request.Request(
        f"http://{endpoint['host']}:{endpoint['port']}{path}",
        method=method,
        data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


class ServicesTest(unittest.TestCase):
    """Each test has a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lernd-services-test-")  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.addCleanup(services, "down", "--dir", self.folder)

    def entry(self, name):
        """What services.json says of a server."""
        return json.loads((pathlib.Path(self.folder) / "services.json").read_text(encoding="utf-8"))[name]

    def redis(self):
        """What services.json says of Redis."""
        return self.entry("redis")

    def up(self, *flags):
        """Starts Redis and returns its endpoint."""
        run = services("up", "redis", "--dir", self.folder, *flags)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(json.loads(run.stdout)["redis"], self.redis())
        return self.redis()

    def run_in_background(self, *command):
        """Starts `services run redis -- COMMAND`, waits for the first line that COMMAND prints; returns it with the process."""
        run = subprocess.Popen(  # pylint: disable=consider-using-with
            [COMMAND, "run", "redis", "--dir", self.folder, "--", *command], stdout=subprocess.PIPE, text=True
        )
        self.addCleanup(run.stdout.close)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        return run, run.stdout.readline()

    def assert_ends(self, process):
        """Waits for the end of a process."""
        self.assertTrue(process.wait(PATIENCE_SECONDS), f"process {process.pid} still runs")

    def test_up_answers_and_down_ends_the_process(self):
        endpoint = self.up()
        self.assertEqual(ask_redis(endpoint, "PING"), "+PONG")
        self.assertEqual(services("status", "--dir", self.folder).stdout, "redis ready\n")
        self.assertEqual(services("down", "--dir", self.folder).returncode, 0)
        self.assertFalse(Process(endpoint["pid"], endpoint["started"]).alive())
        self.assertRaises(OSError, ask_redis, endpoint, "PING")

    def test_up_again_leaves_a_running_server_alone(self):
        self.assertEqual(self.up()["pid"], self.up()["pid"])

    def test_two_sets_run_side_by_side(self):
        with tempfile.TemporaryDirectory() as other:
            self.addCleanup(services, "down", "--dir", other)
            endpoint = self.up()
            self.assertEqual(services("up", "redis", "--dir", other).returncode, 0)
            self.assertEqual(services("down", "--dir", other).returncode, 0)
            self.assertEqual(ask_redis(endpoint, "PING"), "+PONG")

    def test_kill_and_start_keep_port_and_data(self):
        before = self.up()
        self.assertEqual(ask_redis(before, "SET name value"), "+OK")
        self.assertEqual(services("kill", "redis", "--dir", self.folder).returncode, 0)
        self.assertEqual(services("status", "--dir", self.folder).stdout, "redis stopped\n")
        self.assertEqual(services("start", "redis", "--dir", self.folder).returncode, 0)
        after = self.redis()
        self.assertEqual(after["port"], before["port"])
        self.assertNotEqual(after["pid"], before["pid"])
        self.assertEqual(ask_redis(after, "GET name"), "$5")

    def test_auth_asks_for_the_password_of_services_json(self):
        endpoint = self.up("--auth")
        self.assertTrue(ask_redis(endpoint, "PING").startswith("-NOAUTH"))
        self.assertEqual(ask_redis(endpoint, f"AUTH {endpoint['password']}"), "+OK")

    def test_down_spares_a_process_that_only_has_the_same_pid(self):
        self.up()
        file = pathlib.Path(self.folder) / "services.json"
        entries = json.loads(file.read_text(encoding="utf-8"))
        real = Process(entries["redis"]["pid"], entries["redis"]["started"])
        entries["redis"]["started"] += 1
        file.write_text(json.dumps(entries), encoding="utf-8")
        self.assertEqual(services("down", "--dir", self.folder).returncode, 0)
        self.assertTrue(real.alive())
        real.kill()

    def test_run_gives_the_command_its_exit_code_and_its_servers(self):
        run = services("run", "redis", "--dir", self.folder, "--", "sh", "-c", 'cat "$LERND_SERVICES"; exit 7')
        self.assertEqual(run.returncode, 7)
        endpoint = json.loads(run.stdout)["redis"]
        self.assertIsNone(start_time(endpoint["pid"]))
        self.assertFalse((pathlib.Path(self.folder) / "services.json").exists())

    def test_run_ends_command_and_servers_on_a_signal(self):
        run, pid = self.run_in_background("sh", "-c", "echo $$; exec sleep 600")
        command, server = Process(int(pid), start_time(int(pid))), self.redis()
        run.send_signal(signal.SIGTERM)
        self.assertEqual(run.wait(PATIENCE_SECONDS), 128 + signal.SIGTERM)
        self.assertFalse(command.alive())
        self.assertFalse(Process(server["pid"], server["started"]).alive())

    def test_a_killed_run_leaves_nothing_even_after_a_restart(self):
        run, pid = self.run_in_background("sh", "-c", f"'{COMMAND}' restart redis --dir '{self.folder}' && echo $$ && exec sleep 600")
        command, server = Process(int(pid), start_time(int(pid))), self.redis()
        run.kill()
        self.assert_ends(command)
        self.assert_ends(Process(server["pid"], server["started"]))

    def test_run_ends_with_its_parent(self):
        script = f"'{COMMAND}' run redis --dir '{self.folder}' -- sh -c 'echo up; exec sleep 600' & wait"
        with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, text=True) as parent:
            ready, _, _ = select.select([parent.stdout], [], [], PATIENCE_SECONDS)
            self.assertTrue(ready)
            server = self.redis()
            os.kill(parent.pid, signal.SIGKILL)
        self.assert_ends(Process(server["pid"], server["started"]))

    def test_a_server_that_cannot_start_is_named_with_its_log(self):
        (pathlib.Path(self.folder) / "redis").mkdir()
        (pathlib.Path(self.folder) / "redis" / "appendonlydir").write_text("in the way", encoding="utf-8")
        run = services("up", "redis", "--dir", self.folder)
        self.assertEqual(run.returncode, 1)
        self.assertIn("redis ended before it was ready", run.stderr)
        self.assertIn("appendonlydir", run.stderr)

    def test_search_nodes_keep_documents_over_a_kill_and_end_when_asked(self):
        names = {"elasticsearch": "7.17.24", "opensearch": "2.19.3"}
        run = services("up", *names, "--dir", self.folder, seconds=SEARCH_SECONDS)
        self.assertEqual(run.returncode, 0, run.stderr)
        for name, version in names.items():
            before = self.entry(name)
            self.assertEqual(ask_search(before, "GET", "/")["version"]["number"], version)
            ask_search(before, "PUT", "/kept/_doc/1", {"name": "value"})
            self.assertEqual(services("kill", name, "--dir", self.folder).returncode, 0)
            self.assertEqual(services("start", name, "--dir", self.folder, seconds=SEARCH_SECONDS).returncode, 0)
            after = self.entry(name)
            self.assertEqual(after["port"], before["port"])
            self.assertEqual(ask_search(after, "GET", "/kept/_doc/1")["_source"], {"name": "value"})
            self.assertEqual(services("stop", name, "--dir", self.folder).returncode, 0)
            self.assertFalse(Process(after["pid"], after["started"]).alive())

    def test_unknown_names_are_refused(self):
        self.assertEqual(services("up", "rediss", "--dir", self.folder).returncode, 2)
        self.assertIn("services up redis", services("start", "redis", "--dir", self.folder).stderr)


if __name__ == "__main__":
    unittest.main()
