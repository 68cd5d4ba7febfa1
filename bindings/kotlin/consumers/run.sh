#!/bin/sh
# Runs the examples of the README in projects outside of the repository, which know tokmint by its coordinates only.
# `mvn install` has put the jar into the local Maven repository before.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
outside=$(mktemp -d)
trap 'rm -rf "$outside"' EXIT
cp -R "$folder/java" "$folder/kotlin" "$folder/ktor" "$folder/shrunk" "$folder/spring" "$outside"
# The examples read the keys of their application from here.
cp "$folder/../../../tests/vectors/private_key.pem" "$outside/private.key"
cp "$folder/../../../tests/vectors/public_key.pem" "$outside/public.key"
cd "$outside"

# Prints the example of a language that declares a class or function.
example() {
	awk -v fence="\`\`\`$1" -v declares="$2" '
		$0 == fence { inside = 1; text = ""; next }
		/^```$/ { if (inside && index(text, declares)) { printf "%s", text; found = 1 }; inside = 0 }
		inside { text = text $0 "\n" }
		END { exit !found }' "$folder/../README.md"
}

maven() {
	project=$1 && shift
	mvn --batch-mode --no-transfer-progress --quiet -Dstyle.color=never --file "$outside/$project/pom.xml" "$@"
}

# Runs a command, and expects a pattern in its output.
expect() {
	pattern=$1 && shift
	"$@" | tee "$outside/output"
	grep -q "$pattern" "$outside/output"
}

mkdir -p "$outside/java/src/main/java"
mv "$outside"/java/*.java "$outside/java/src/main/java"
example java 'class Example' >"$outside/java/src/main/java/Example.java"
example java 'class ApplicationExample' >"$outside/java/src/main/java/ApplicationExample.java"
example java 'class Answer' >"$outside/java/src/main/java/Answer.java"
example java 'class Explain' >"$outside/java/src/main/java/Explain.java"
example java 'class Invite' >"$outside/java/src/main/java/Invite.java"
example java 'class Server' >"$outside/java/src/main/java/Server.java"
example java 'class CreateSession' >"$outside/java/src/main/java/CreateSession.java"
example kotlin 'expiresIn = Duration.ofHours(1),' >"$outside/kotlin/Main.kt"
example kotlin 'OpenTok.forApplication' >"$outside/kotlin/Application.kt"
example kotlin 'fun answer' >"$outside/kotlin/Answer.kt"
example kotlin 'fun createSession' >"$outside/kotlin/CreateSession.kt"
example kotlin 'generateTokens' >"$outside/kotlin/Invite.kt"
example kotlin 'fun main(arguments' >"$outside/kotlin/Explain.kt"

expect 'moderator: name=Johnny$' maven java compile exec:java -Dexec.mainClass=Example
grep -q 'token_expired: the token expired 3600 s ago; generate a new one' "$outside/output"
expect 'moderator of a98e12ca-' maven java exec:java -Dexec.mainClass=ApplicationExample
expect 'token_expired: the token expired 5 s ago; generate a new one' maven java exec:java -Dexec.mainClass=Explain
expect '^data_too_long$' maven java exec:java -Dexec.mainClass=Invite
grep -q '^name=Jane$' "$outside/output"
expect 'an endpoint replied' maven java exec:java -Dexec.mainClass=Serve
expect 'sessions of a project and of an application' maven java exec:java -Dexec.mainClass=Platform \
	-Dexec.args='CreateSession create'
# From the oldest compiler that can read the jar to the newest.
for version in 2.1.21 2.2.21 2.3.21 2.4.21; do
	rm -rf "$outside/kotlin/target"
	expect 'moderator: name=Johnny$' maven kotlin compile exec:java -Dexec.mainClass=MainKt -Dkotlin.version=$version
	grep -q 'token_expired: the token expired 3600 s ago; generate a new one' "$outside/output"
done
expect 'moderator of a98e12ca-' maven kotlin exec:java -Dexec.mainClass=ApplicationKt
expect 'welcome, Johnny$' maven kotlin exec:java -Dexec.mainClass=AnswerKt
grep -q '^ask for a new token$' "$outside/output"
grep -q '^go away$' "$outside/output"
expect '\[quotes_around, token_expired\]' maven kotlin exec:java -Dexec.mainClass=ExplainKt
grep -q 'the token expired 5 s ago; generate a new one' "$outside/output"
expect '^data_too_long$' maven kotlin exec:java -Dexec.mainClass=InviteKt
grep -q '^name=Jane$' "$outside/output"

maven java dependency:copy-dependencies
dependencies=$outside/java/target/dependency
expect 'sessions of a project and of an application' \
	java -cp "$outside/java/target/classes:$outside/kotlin/target/classes:$dependencies/*" Platform CreateSessionKt createSession
expect '^all 20 class loaders are gone$' java -cp "$outside/java/target/classes" Reload "$dependencies"

# A module, which sees the public API and nothing else, and an image of it with JNA's own module.
modular=$outside/modular
mkdir -p "$modular/sources" "$modular/refused"
echo 'module consumer { requires dev.tokmint; }' | tee "$modular/refused/module-info.java" >"$modular/sources/module-info.java"
(echo 'package consumer;' && example java 'class Invite') >"$modular/sources/Invite.java"
echo 'package consumer; class Invite { dev.tokmint.ffi.Operation operation; }' >"$modular/refused/Invite.java"
javac -p "$dependencies" -d "$modular/classes" "$modular"/sources/*.java
expect '^data_too_long$' java -p "$dependencies:$modular/classes" -m consumer/consumer.Invite
if javac -p "$dependencies" -d "$modular/none" "$modular"/refused/*.java 2>"$outside/output"; then exit 1; fi
grep -q 'package dev.tokmint.ffi is not visible' "$outside/output"

java_home=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p')
if [ -d "$java_home/jmods" ]; then
	cp -R "$dependencies" "$modular/dependencies"
	rm "$modular"/dependencies/jna-*.jar
	maven java dependency:copy -Dartifact=net.java.dev.jna:jna-jpms:5.19.1 -DoutputDirectory="$modular/dependencies"
	jlink -p "$modular/dependencies:$modular/classes" --add-modules consumer --output "$modular/image"
	expect '^data_too_long$' "$modular/image/bin/java" -m consumer/consumer.Invite
else
	echo "left out: the image, because this JDK has no jmods, from which jlink makes it"
fi

# The Java examples again, shrunk and renamed by the rules that the jar holds.
shrunk=$outside/shrunk
(cd "$shrunk" && jar xf "$dependencies"/tokmint-*.jar META-INF/proguard/tokmint.pro)
jar cf "$shrunk/examples.jar" -C "$outside/java/target/classes" .
maven java dependency:copy -Dartifact=com.android.tools:r8:9.5.28 -DoutputDirectory="$shrunk"
java -cp "$shrunk/r8-9.5.28.jar" com.android.tools.r8.R8 --classfile --release --lib "$java_home" \
	--pg-conf "$shrunk/shrink.pro" --pg-conf "$shrunk/META-INF/proguard/tokmint.pro" --output "$shrunk/shrunk.jar" \
	"$shrunk/examples.jar" "$dependencies"/*.jar 2>"$outside/output" || { cat "$outside/output" >&2 && exit 1; }
expect 'token_expired: the token expired' java -cp "$shrunk/shrunk.jar" Example
expect '^data_too_long$' java -cp "$shrunk/shrunk.jar" Invite
expect 'an endpoint replied' java -cp "$shrunk/shrunk.jar" Serve

# Servers: a jar of Spring Boot that holds all the others, and Ktor.
maven spring package
expect '^Spring served a token$' java -jar "$outside/spring/target/spring-0.jar"
maven ktor compile dependency:copy-dependencies
expect '^Ktor served a token$' java -cp "$outside/ktor/target/classes:$outside/ktor/target/dependency/*" ApplicationKt

# The jar of the documentation has what is public, as Java sees it, with what is thrown and what can be null.
pages=$outside/documentation
maven java dependency:copy-dependencies -Dclassifier=javadoc -DincludeArtifactIds=tokmint -DoutputDirectory="$pages"
(cd "$pages" && jar xf tokmint-*-javadoc.jar)
for pattern in generateToken Throws: NullPointerException @NotNull; do grep -q "$pattern" "$pages/dev/tokmint/OpenTok.html"; done
if grep -rnE --include='*.html' --include='*.js' \
	'TODO|tokmint[./](ffi|internal)|java[./]nio|Companion|\b(Unit|ByteArray|kotlin\.Comparable)\b|`|\[[A-Za-z]+\.' "$pages/dev" \
	"$pages"/*-index.*; then exit 1; fi
