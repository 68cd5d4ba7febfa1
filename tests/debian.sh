#!/bin/sh
# Downloads packages of a Debian suite with what they depend on, and unpacks them into a folder, without installing
# anything: debian.sh FOLDER SUITE PACKAGES [PATTERN...]
#
# PACKAGES is one argument. What matches a PATTERN is left out: names of packages, or paths that begin with "./".
# ARCHITECTURE is Debian's name of another processor.
# It runs on any Debian, also of another suite and not as root, and downloads from the machine's own mirror; with the SUITE
# "own", which is the machine's, also on Ubuntu. Once the folder is complete it does nothing.
set -eu

folder=$1 suite=$2 packages=$3
shift 3
[ ! -e "$folder/complete" ] || exit 0
if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
	echo "Packages of Debian cannot be unpacked here: there is no apt-get with dpkg-deb" >&2
	exit 1
fi
echo "Unpacking from Debian's suite $suite${ARCHITECTURE:+ for $ARCHITECTURE} into ${folder#"$PWD"/}: $packages" >&2
rm -rf "$folder"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
folder=$(cd "$folder" && pwd)
: >"$folder/apt/status"
# Older suites fill these folders too, newer ones only what they lead to.
mkdir -p "$folder/usr/bin" "$folder/usr/sbin" "$folder/usr/lib" "$folder/usr/lib64"
for link in bin sbin lib lib64; do ln -s "usr/$link" "$folder/$link"; done
sources=$folder/apt/sources.list
mirror=
if [ "$suite" != own ]; then
	# The first source of Debian's main archive; its key is that of all suites.
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$sources"
fi
apt() {
	apt-get -qq ${mirror:+-o Dir::Etc::SourceList="$sources" -o Dir::Etc::SourceParts=/dev/null} \
		-o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
		-o Dir::State="$folder/apt" -o Dir::State::status="$folder/apt/status" \
		-o Dir::Cache="$folder/apt" -o APT::Install-Recommends=false -o APT::Sandbox::User="$(id -un)" \
		${ARCHITECTURE:+-o APT::Architecture="$ARCHITECTURE" -o APT::Architectures::="$ARCHITECTURE"} \
		-o Debug::NoLocking=true -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}
apt update
# shellcheck disable=SC2086
apt install --download-only --yes $packages
# Anchored, patterns that are names match no path in an archive.
printf '%s\n' './usr/share/doc/*' './usr/share/man/*' './usr/share/locale/*' "$@" >"$folder/apt/excluded"
for package in "$folder"/apt/archives/*.deb; do
	name=$(basename "$package")
	for pattern in "$@"; do
		# shellcheck disable=SC2254
		case ${name%%_*} in $pattern) continue 2 ;; esac
	done
	dpkg-deb --fsys-tarfile "$package" >"$folder/apt/data.tar"
	tar -x -f "$folder/apt/data.tar" -C "$folder" --keep-directory-symlink --anchored \
		--exclude-from="$folder/apt/excluded"
done
rm -rf "$folder/apt"
: >"$folder/complete"
