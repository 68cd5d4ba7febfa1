"""Passes any arguments to every function of the jar, guided by coverage (Jazzer): see jvm/FuzzTokmint.java.

python3 tests/hardening/fuzz_jvm.py --long [--seconds N]     There is no short form: to build the jar takes minutes.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

SECONDS = 600

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "target/fuzz/jvm"
MAVEN = ["mvn", "--batch-mode", "--no-transfer-progress", "--quiet"]


def main() -> None:
    """Builds the jar and the target, and runs it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", required=True)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    arguments = parser.parse_args()
    version = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    subprocess.run([*MAVEN, "install", "-DskipTests"], cwd=ROOT / "bindings/kotlin", check=True)
    corpus = FOLDER / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    options = [
        "-Xmx1g -cp %classpath com.code_intelligence.jazzer.Jazzer --target_class=FuzzTokmint",
        f"--instrumentation_includes=dev.tokmint.** --reproducer_path={FOLDER}",
        f"-max_total_time={arguments.seconds} -max_len=8192 -timeout=10 -rss_limit_mb=4096 -print_final_stats=1",
        f"-artifact_prefix={FOLDER}/ {corpus}",
    ]
    command = [
        *MAVEN, "--file", ROOT / "tests/hardening/jvm/pom.xml", f"-Dtokmint.version={version}", "compile", "exec:exec",
        "-Dexec.executable=java", f"-Dexec.workingdir={ROOT}", f"-Dexec.args={' '.join(options)}",
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    output = result.stdout + result.stderr
    executed = re.search(r"number_of_executed_units: (\d+)", output)
    executions = int(executed[1]) if executed else 0
    if result.returncode or not executions:
        print(output[-6000:])
        print(f"RESULT {executions:,} calls | an exception that is not documented, or a crash")
        sys.exit(1)
    print(f"RESULT {executions:,} calls with any arguments on the JVM | only documented exceptions")


if __name__ == "__main__":
    main()
