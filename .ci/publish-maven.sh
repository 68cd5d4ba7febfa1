#!/bin/sh
# Signs the jars and publishes them to Maven Central: publish-maven.sh FOLDER [--dry-run]. FOLDER has tokmint-VERSION.pom
# and the jars beside it. `--dry-run` leaves the bundle, bundle.zip, and uploads nothing.
#
# SIGNING_KEY is the private key as gpg --armor exports it, SIGNING_PASSPHRASE its passphrase; without them gpg takes the
# key of whoever runs this. CENTRAL_API is the address of the portal's publisher API, CENTRAL_USERNAME and CENTRAL_PASSWORD
# are a user token of it. CENTRAL_REPOSITORY is the address below which Maven finds what was published.
set -eu
folder=$1
central=${CENTRAL_API:-} repository=${CENTRAL_REPOSITORY:-}
pom=$(echo "$folder"/tokmint-*.pom)
[ -f "$pom" ] || { echo "there must be one pom in $folder" >&2; exit 1; }
version=$(basename "$pom" .pom)
version=${version#tokmint-}
for file in "$version.jar" "$version-sources.jar" "$version-javadoc.jar"; do
	[ -s "$folder/tokmint-$file" ] || { echo "missing: $folder/tokmint-$file" >&2; exit 1; }
done
if [ "${2:-}" != --dry-run ] && : "${central:?CENTRAL_API is not set}" "${repository:?CENTRAL_REPOSITORY is not set}" &&
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
cp "$folder/tokmint-$version"*.jar "$pom" "$layout"
for file in "$layout"/*; do
	printf %s "${SIGNING_PASSPHRASE:-}" | gpg --batch --quiet --pinentry-mode loopback --passphrase-fd 0 --armor --detach-sign "$file"
	for sum in md5 sha1 sha256; do
		${sum}sum "$file" | cut -d ' ' -f 1 >"$file.$sum"
	done
done
(cd "$work/bundle" && python3 -m zipfile -c "$work/bundle.zip" dev)
if [ "${2:-}" = --dry-run ]; then
	cp "$work/bundle.zip" "$folder"
	exit
fi

# Not among the arguments, which every process on the machine can read.
call() { printf 'header = "Authorization: Bearer %s"\n' "$(printf '%s:%s' "$CENTRAL_USERNAME" "$CENTRAL_PASSWORD" | base64 | tr -d '\n')" |
	curl --silent --show-error --fail --config - "$@"; }
id=$(call --form "bundle=@$work/bundle.zip" "$central/upload?name=tokmint-$version&publishingType=AUTOMATIC")
echo "deployment $id"
for _ in $(seq 180); do
	status=$(call --request POST "$central/status?id=$id")
	case $status in
	*'"deploymentState":"PUBLISHED"'*) exit ;;
	*'"deploymentState":"FAILED"'*) echo "$status" >&2; exit 1 ;;
	esac
	sleep 15
done
echo "not published within 45 minutes: $status" >&2
exit 1
