"""Java and the jars of the servers that need it, fetched once with Maven and kept in a cache folder."""

import fcntl
import functools
import glob
import hashlib
import os
import pathlib
import shutil
import subprocess

from failure import Failure

ATTEMPTS = 4
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def cache_folder():
    """Where jars are kept: $LERND_CACHE, or a folder below the user's cache."""
    default = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "lernd" / "services"
    return pathlib.Path(os.environ.get("LERND_CACHE") or default)


@functools.cache
def java():
    """The path of a Java 17, the one version that all servers of this folder run on."""
    candidates = [os.path.join(os.environ["JAVA_HOME"], "bin", "java")] if "JAVA_HOME" in os.environ else []
    candidates += [shutil.which("java")] + sorted(glob.glob("/usr/lib/jvm/*17*/bin/java"))
    for candidate in filter(None, candidates):
        try:
            answer = subprocess.run([candidate, "-version"], capture_output=True, text=True, check=False)
        except OSError:
            continue
        if ' version "17.' in answer.stderr:
            return candidate
    raise Failure("Java 17 is missing. Install it with: apt-get install openjdk-17-jre-headless")


def fetch(pom, say):
    """The folder with the jars that `pom` lists; downloads them first when they are not there. `say` is told about a download."""
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / f"{pom.parent.name}-{digest}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.with_suffix(".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            say(f"fetching the jars of {pom.parent.name} into {folder} (about 60 MB, once)")
            _download(pom, folder, say)
    return folder


def _download(pom, folder, say):
    """Fills `folder` in one step, so that it is either whole or not there."""
    maven = shutil.which("mvn")
    if maven is None:
        raise Failure("Maven is missing. Install it with: apt-get install maven")
    partial = folder.with_suffix(".partial")
    command = [maven, "-q", "-B", "-f", str(pom), PLUGIN, f"-DoutputDirectory={partial}"]
    for attempt in range(1, ATTEMPTS + 1):
        shutil.rmtree(partial, ignore_errors=True)
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if run.returncode == 0 and any(partial.glob("*.jar")):
            partial.rename(folder)
            return
        say(f"attempt {attempt} of {ATTEMPTS} to fetch the jars of {pom.parent.name} failed")
    reason = "\n".join(run.stdout.strip().splitlines()[-8:])
    raise Failure(
        f"Maven could not fetch what {pom} lists:\n{reason}\n"
        "Check the network and, behind a proxy or a mirror, ~/.m2/settings.xml; then run `tools/services/services fetch` again."
    )
