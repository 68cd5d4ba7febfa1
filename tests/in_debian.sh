#!/bin/sh
# Runs a command with the programs and libraries that debian.sh unpacked: in_debian.sh FOLDER COMMAND...
#
# They are laid over /usr for this command alone; everything else is the machine's. It needs a machine whose /lib is a link
# to /usr/lib, as Debian's since version 12, and root or user namespaces. in_debian.sh --available says whether that is so.
set -eu

user=
[ "$(id -u)" = 0 ] || user=--map-root-user
# Unquoted, because it is an option or nothing.
if [ "$1" = --available ]; then
	command -v apt-get >/dev/null && [ -L /lib ] && unshare $user --mount true 2>/dev/null && exit 0
	echo "no Debian here whose /usr can be replaced for a command" >&2
	exit 1
fi
folder=$1
shift
exec unshare $user --mount --propagation private \
	sh -c 'mount --bind "$0/usr" /usr && exec "$@"' "$folder" "$@"
