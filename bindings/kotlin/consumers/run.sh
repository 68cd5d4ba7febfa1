#!/bin/sh
# Runs the examples of the README in projects outside of the repository, which know tokmint by its coordinates only.
# `mvn install` has put the jar into the local Maven repository before.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
outside=$(mktemp -d)
trap 'rm -rf "$outside"' EXIT
cp -R "$folder/java" "$folder/kotlin" "$outside"

# Prints the example of a language that declares a class or function.
example() {
	awk -v fence="\`\`\`$1" -v declares="$2" '
		$0 == fence { inside = 1; text = ""; next }
		/^```$/ { if (inside && index(text, declares)) { printf "%s", text; found = 1 }; inside = 0 }
		inside { text = text $0 "\n" }
		END { exit !found }' "$folder/../README.md"
}

maven() {
	mvn --batch-mode --no-transfer-progress --quiet -Dstyle.color=never --file "$outside/$1/pom.xml" compile exec:java -Dexec.mainClass="$2"
}

# Runs a main class, and expects the error that the example provokes in its output.
expect() {
	maven "$1" "$2" | tee "$outside/output"
	grep -q "$3" "$outside/output"
}

mkdir -p "$outside/java/src/main/java"
mv "$outside/java/Serve.java" "$outside/java/src/main/java"
example java 'class Example' >"$outside/java/src/main/java/Example.java"
example java 'class Explain' >"$outside/java/src/main/java/Explain.java"
example java 'class Server' >"$outside/java/src/main/java/Server.java"
example kotlin 'fun main()' >"$outside/kotlin/Main.kt"
example kotlin 'fun main(arguments' >"$outside/kotlin/Explain.kt"

expect java Example 'token_expired: the token expired'
expect java Explain 'token_expired: the token expired 5 s ago; generate a new one$'
expect java Serve 'an endpoint answered'
expect kotlin MainKt 'token_expired: the token expired'
expect kotlin ExplainKt '\[quotes_around, token_expired\]$'
grep -q '^the token expired 5 s ago; generate a new one$' "$outside/output"
