#!/bin/sh
# Lays out the Swift package as it is released, in FOLDER/tokmint-swift: release.sh FOLDER. layout.py says more.
set -eu
case $1 in /*) folder=$1 ;; *) folder=$PWD/$1 ;; esac
cd "$(dirname "$0")"
# The generated sources, and the library of this machine. Builds nothing that is there.
sh library.sh
exec python3 layout.py "$folder"
