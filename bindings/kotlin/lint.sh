#!/bin/sh
# Checks the style of the Kotlin sources with ktlint; with --format it corrects what it can.
set -eu

version=1.8.0
folder=../../target/kotlin/ktlint
cd "$(dirname "$0")"
mvn --batch-mode --no-transfer-progress --quiet org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
	-Dartifact=com.pinterest.ktlint:ktlint-cli:$version:jar:all -DoutputDirectory="$PWD/$folder"
java -jar "$folder/ktlint-cli-$version-all.jar" --log-level=error "$@" 'src/**/*.kt' 'consumers/**/*.kt'
