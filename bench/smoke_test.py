"""The bench on small loads: complete outputs, all fields, and errors that are told. Nothing here is timed.

Run as: smoke_test.py LERND_BENCH LERND, with LERND_SERVICES set.
"""

import json
import subprocess
import sys
import unittest

BENCH, LERND = sys.argv[1:3]
del sys.argv[1:3]
LEARNERS = 50
UNITS = 4
CONTENTS = 20
SHORT = ("--idle", "0", "--limit-events", "0")


def bench(*options, load="reconciliation"):
    command = [BENCH, "--load", load, "--learners", str(LEARNERS), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=150)


class Smoke(unittest.TestCase):
    def figures(self, *options, load="reconciliation"):
        done = bench(*options, load=load)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("\n"), 1, done.stdout)
        figures = json.loads(done.stdout)
        self.assertEqual(figures["load"], load)
        return figures

    def check_all(self, load, outputs, rows, *options, limit_events=20):
        """A run with everything: all figures are there, all outputs and rows were found."""
        figures = self.figures("--idle", "3", "--limit-events", str(limit_events), *options, load=load)
        self.assertEqual(figures["outputs"], outputs)
        self.assertEqual(figures["rows"], rows)
        self.assertEqual(len(figures["memory_mib"]), 10)
        for name in ("events_per_s", "cpu_s_per_1000", "memory_peak_mib", "start_to_first_s", "seconds", "idle_p50_ms", "idle_p99_ms",
                     "limit_events_per_s", "limit_in_flight", "of_limit"):
            self.assertGreater(figures[name], 0, name)
        self.assertGreaterEqual(figures["limit_cpu_s_per_1000"], 0)  # a clock of 10 ms sees nothing of 20 events

    def test_reconciliation(self):
        # Two outputs for each learner who has finished, which is every second one; the enrolment, and aggregates of course and units.
        self.check_all("reconciliation", LEARNERS, LEARNERS * (2 + UNITS), "--partitions", "2", "--set", "lernd.workers=2", "--set",
                       "lernd.batch.records_max=10")

    def test_merges(self):
        # Two enrolments on two topics; contents, enrolments, aggregates of two courses, and the entry of the message.
        self.check_all("merges", LEARNERS * 4, LEARNERS * 5)

    def test_progress(self):
        # Two for each content, and two more for each learner who has finished; contents, enrolment, aggregates, fingerprint.
        self.check_all("progress", LEARNERS * 3, LEARNERS * (3 + UNITS + 1))

    def test_courses(self):
        # No outputs; leaf and optional sets of course and units, ancestors, units.
        self.check_all("courses", 0, LEARNERS * (2 * (1 + UNITS) + CONTENTS + UNITS))

    def test_profiles(self):
        for service_ms in (0, 20):
            figures = self.figures("--idle", "3", "--limit-events", "20", "--service-ms", str(service_ms), load="profiles")
            self.assertEqual(figures["rows"], LEARNERS)
            self.assertGreater(figures["of_limit"], 0)

    def test_transfers(self):
        # No outputs; row and document of every batch. With 75 the searches, for those created and those mentored, have two pages each.
        for batches, search in ((1, "elasticsearch"), (75, "opensearch")):
            with self.subTest(batches):
                options = ("--batches", str(batches), "--search", search, "--set", "task.user.ownership.transfer.parallelism=8")
                self.check_all("transfers", 0, LEARNERS * batches * 2, *options, limit_events=2)

    def test_a_course_of_one_content(self):
        figures = self.figures(*SHORT, "--contents", "1")
        self.assertEqual(figures["outputs"], LEARNERS)

    def test_several_events_a_learner(self):
        events = 130
        outputs = {"reconciliation": LEARNERS, "merges": events * 4, "progress": events * 2 + LEARNERS, "courses": 0,
                   "profiles": 0, "transfers": 0}
        for load, number in outputs.items():
            with self.subTest(load):
                options = ("--batches", "3") if load == "transfers" else ()
                figures = self.figures(*SHORT, "--events", str(events), *options, load=load)
                self.assertEqual(figures["events"], events)
                self.assertEqual(figures["outputs"], number)
                self.assertIsNone(figures["idle_p99_ms"])
                self.assertIsNone(figures["of_limit"])

    def test_what_is_wrong_is_told(self):
        # Without aggregates, and with accounts that are none.
        for load, setting in (("progress", "activity.module.aggs.enabled=false"), ("transfers", "user_read_api=/other/")):
            done = bench(*SHORT, "--patience", "2", "--set", setting, load=load)
            self.assertEqual(done.returncode, 1)
            self.assertIn("nothing moved", done.stderr)  # the first event never comes to its end
            self.assertEqual(done.stdout, "")

    def test_an_output_that_comes_twice_is_told(self):
        # Another group takes merges too, and tells of them before this one does.
        run = f"'{LERND}' run merge-user-courses --config {{config}}"
        other_group = "--set kafka.groupId={group}-2 --set lernd.dead_letter_topic={group}.dlq"
        done = bench(*SHORT, "--command", f'sh -c "{run} {other_group} --until-end; exec {run}"', load="merges")
        self.assertEqual(done.returncode, 1)
        self.assertIn("items have too many or too few", done.stderr)

    def test_a_program_that_ends_is_told_with_its_last_words(self):
        done = bench("--limit-events", "0", "--command", "sh -c 'echo broken {keyspace} >&2; exit 7'")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ended with 7", done.stderr)
        self.assertIn("broken bench_", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_a_program_that_does_nothing_is_told(self):
        done = bench("--limit-events", "0", "--patience", "2", "--command", "sleep 100", load="courses")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing moved for 2 s at 0 of 250 events", done.stderr)

    def test_an_option_that_cannot_apply_is_told(self):
        for load, options, text in (("merges", ("--units", "4"), "--units does not apply to --load merges"),
                                    ("progress", ("--contents", "1"), "--load progress needs at least 2"),
                                    ("progress", ("--events", "1000"), "give --learners 53"),
                                    ("courses", ("--batches", "2"), "--batches does not apply to --load courses"),
                                    ("transfers", ("--grow",), "--grow does not apply to --load transfers")):
            done = bench(*options, load=load)
            self.assertEqual(done.returncode, 1)
            self.assertIn(text, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
