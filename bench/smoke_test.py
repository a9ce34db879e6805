"""The bench on a small load: complete outputs, all fields, and errors that are told. Nothing here is timed.

Run as: smoke_test.py LERND_BENCH, with LERND_SERVICES set.
"""

import json
import subprocess
import sys
import unittest

BENCH = sys.argv.pop(1)
LEARNERS = 50
UNITS = 4


def bench(*options):
    return subprocess.run([BENCH, "--learners", str(LEARNERS), "--units", str(UNITS), *options], capture_output=True, text=True, timeout=150)


class Smoke(unittest.TestCase):
    def figures(self, *options):
        done = bench(*options)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("\n"), 1, done.stdout)
        return json.loads(done.stdout)

    def test_one_line_with_every_figure(self):
        figures = self.figures("--idle", "3", "--limit-events", "20", "--partitions", "2", "--set", "lernd.workers=2")
        self.assertEqual(figures["outputs"], LEARNERS)  # two for each learner who has finished, which is every second one
        self.assertEqual(figures["rows"], LEARNERS * (2 + UNITS))
        self.assertEqual(len(figures["memory_mib"]), 10)
        for name in ("events_per_s", "cpu_s_per_1000", "memory_peak_mib", "start_to_first_s", "seconds", "idle_p50_ms", "idle_p99_ms",
                     "limit_events_per_s", "limit_in_flight", "of_limit"):
            self.assertGreater(figures[name], 0, name)
        self.assertGreaterEqual(figures["limit_cpu_s_per_1000"], 0)  # a clock of 10 ms sees nothing of 20 events

    def test_a_course_of_one_content(self):
        figures = self.figures("--idle", "0", "--limit-events", "0", "--contents", "1")
        self.assertEqual(figures["outputs"], LEARNERS)

    def test_several_events_a_learner(self):
        figures = self.figures("--idle", "0", "--limit-events", "0", "--events", "130")
        self.assertEqual(figures["events"], 130)
        self.assertEqual(figures["outputs"], LEARNERS)
        self.assertIsNone(figures["idle_p99_ms"])
        self.assertIsNone(figures["of_limit"])

    def test_a_program_that_ends_is_told_with_its_last_words(self):
        done = bench("--limit-events", "0", "--command", "sh -c 'echo broken {keyspace} >&2; exit 7'")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ended with 7", done.stderr)
        self.assertIn("broken bench_", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_a_program_that_does_nothing_is_told(self):
        done = bench("--limit-events", "0", "--patience", "2", "--command", "sleep 100")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing moved for 2 s at 0 of 50 events", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
