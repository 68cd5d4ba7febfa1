#!/bin/sh
# Publishes the packages that node/scripts/platform-packages.mjs laid out, the main one last: publish-npm.sh FOLDER
# [--dry-run]. What is published already is left out, so that a second attempt does the rest.
set -eu
folder=$(realpath "$1")
shift
main=$folder/tokmint
version=$(node -p 'require(process.argv[1]).version' "$main/package.json")
is_published() { [ "$(npm view "$1@$version" version 2>/dev/null)" = "$version" ]; }

# First all checks: a package that npm took cannot be replaced.
for name in $(node -p 'Object.keys(require(process.argv[1]).optionalDependencies).join(" ")' "$main/package.json"); do
	platform=${name#@tokmint/}
	[ -s "$folder/npm/$platform/tokmint.$platform.node" ] || { echo "$name has no binary" >&2; exit 1; }
	platforms="${platforms:-} $platform"
done
if [ -e "$main/tokmint.linux-x64-gnu.node" ]; then
	echo "the main package holds a binary" >&2
	exit 1
fi
for platform in $platforms; do
	if is_published "@tokmint/$platform"; then
		echo "@tokmint/$platform $version is published already"
	else
		npm publish "$folder/npm/$platform" "$@"
	fi
done
if [ "$*" = "" ]; then
	# npm takes a moment to show a package, and installs the main one without those that it does not show yet.
	for platform in $platforms; do
		tries=0
		until is_published "@tokmint/$platform"; do
			tries=$((tries + 1))
			[ $tries -le 60 ] || { echo "@tokmint/$platform $version does not appear" >&2; exit 1; }
			sleep 5
		done
	done
fi
if is_published tokmint; then
	echo "tokmint $version is published already"
else
	npm publish "$main" "$@"
fi
