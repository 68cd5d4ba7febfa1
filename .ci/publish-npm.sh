#!/bin/sh
# Publishes the packages in dist/npm, the main one last: publish-npm.sh [--dry-run] [OPTION OF npm publish...]. What is
# published already is left out, so that a second attempt does the rest.
set -eu
cd "$(dirname "$0")/.."
# First all checks: a package that npm took cannot be replaced.
python3 .ci/release/publishable.py npm
folder=$PWD/dist/npm
version=$(node -p 'require(process.argv[1]).version' "$folder/tokmint/package.json")
platforms=$(ls "$folder/npm")
is_published() { [ "$(npm view "$1@$version" version 2>/dev/null)" = "$version" ]; }
# publish NAME FOLDER [OPTION...]
publish() {
	name=$1
	shift
	if is_published "$name"; then
		echo "$name $version is published already"
	else
		npm publish "$@"
	fi
}

for platform in $platforms; do
	publish "@tokmint/$platform" "$folder/npm/$platform" "$@"
done
case " $* " in
*" --dry-run "*) ;;
*)
	# npm takes a moment to show a package, and installs the main one without those that it does not show yet.
	for platform in $platforms; do
		tries=0
		until is_published "@tokmint/$platform"; do
			tries=$((tries + 1))
			[ $tries -le 60 ] || { echo "@tokmint/$platform $version does not appear" >&2; exit 1; }
			sleep 5
		done
	done
	;;
esac
publish tokmint "$folder/tokmint" "$@"
