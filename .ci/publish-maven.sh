#!/bin/sh
# Signs the pom and the jars in dist/maven and publishes them to Maven Central: publish-maven.sh [--dry-run]. `--dry-run`
# uploads nothing, and leaves the bundle in target/maven-bundle.zip.
#
# SIGNING_KEY is the private key as gpg --armor exports it, SIGNING_PASSPHRASE its passphrase; without them gpg takes the
# key of whoever runs this. CENTRAL_API is the address of the portal's publisher API, CENTRAL_USERNAME and CENTRAL_PASSWORD
# are a user token of it. CENTRAL_REPOSITORY is the address below which Maven finds what was published.
set -eu
cd "$(dirname "$0")/.."
python3 .ci/release/publishable.py maven
central=${CENTRAL_API:-} repository=${CENTRAL_REPOSITORY:-}
pom=$(echo dist/maven/tokmint-*.pom)
version=$(basename "$pom" .pom)
version=${version#tokmint-}
if [ "${1:-}" != --dry-run ] && : "${central:?CENTRAL_API is not set}" "${repository:?CENTRAL_REPOSITORY is not set}" &&
	curl --silent --fail --head "$repository/dev/tokmint/tokmint/$version/$(basename "$pom")" >/dev/null; then
	echo "dev.tokmint:tokmint $version is published already"
	exit
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${SIGNING_KEY:-}" ]; then
	export GNUPGHOME="$work/gnupg"
	mkdir -m 700 "$GNUPGHOME"
	trap 'gpgconf --kill gpg-agent; rm -rf "$work"' EXIT
	printf '%s\n' "$SIGNING_KEY" | gpg --batch --quiet --import
fi
layout=$work/bundle/dev/tokmint/tokmint/$version
mkdir -p "$layout"
cp dist/maven/* "$layout"
for file in "$layout"/*; do
	printf %s "${SIGNING_PASSPHRASE:-}" | gpg --batch --quiet --pinentry-mode loopback --passphrase-fd 0 --armor --detach-sign "$file"
	for sum in md5 sha1 sha256; do
		${sum}sum "$file" | cut -d ' ' -f 1 >"$file.$sum"
	done
done
(cd "$work/bundle" && python3 -m zipfile -c "$work/bundle.zip" dev)
if [ "${1:-}" = --dry-run ]; then
	mkdir -p target
	cp "$work/bundle.zip" target/maven-bundle.zip
	exit
fi

# Not among the arguments, which every process on the machine can read.
call() { printf 'header = "Authorization: Bearer %s"\n' "$(printf '%s:%s' "$CENTRAL_USERNAME" "$CENTRAL_PASSWORD" | base64 | tr -d '\n')" |
	curl --silent --show-error --fail --config - "$@"; }
id=$(call --form "bundle=@$work/bundle.zip" "$central/upload?name=tokmint-$version&publishingType=AUTOMATIC")
echo "deployment $id"
for _ in $(seq 180); do
	# A question without an answer is asked again: the bundle is there, and must not be uploaded twice.
	status=$(call --request POST "$central/status?id=$id") || status='{}'
	state=$(printf %s "$status" | python3 -c 'import json, sys; print(json.load(sys.stdin).get("deploymentState"))') || state=unknown
	case $state in
	PUBLISHED) exit ;;
	FAILED) echo "$status" >&2; exit 1 ;;
	esac
	sleep 15
done
echo "not published within 45 minutes: $status" >&2
exit 1
