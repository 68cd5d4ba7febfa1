#!/bin/sh
# Makes the documentation for Java from what the Kotlin compiler writes as Java: documentation.sh JAVADOC STUBS FOLDER CLASSPATH
#   STUBS/dev/tokmint/  the public classes, with Kotlin's comments
#   FOLDER/             receives the pages
# Dokka's own output in the form of Javadoc loses what is thrown, and shows Kotlin's types.
set -eu

javadoc=$1
stubs=$2
folder=$3
classpath=$4

sources=$(mktemp -d)
trap 'rm -rf "$sources"' EXIT
mkdir -p "$sources/dev/tokmint"
for stub in "$stubs"/dev/tokmint/*.java; do
	# Without companions and annotations of Kotlin; comments in the notation of Javadoc.
	awk '
		function escaped(text) {
			gsub(/&/, "\\&amp;", text)
			gsub(/</, "\\&lt;", text)
			gsub(/>/, "\\&gt;", text)
			gsub(/\\/, "\\&#92;", text)
			return text
		}
		# A member stands behind a number sign, and a property is its getter.
		function linked(name,    label, member) {
			label = name
			if (match(name, /[a-z][A-Za-z]*$|[A-Z0-9_]+$/) && (RSTART == 1 || substr(name, RSTART - 1, 1) == ".")) {
				member = substr(name, RSTART)
				name = RSTART > 1 ? substr(name, 1, RSTART - 2) : ""
				if (member == "code" || member == "value") member = "get" toupper(substr(member, 1, 1)) substr(member, 2)
				name = name "#" member
			}
			return "{@link " name " " label "}"
		}
		function converted(text,    result, name) {
			text = escaped(text)
			while (match(text, /`[^`]*`/)) {
				result = result substr(text, 1, RSTART - 1) "<code>" substr(text, RSTART + 1, RLENGTH - 2) "</code>"
				text = substr(text, RSTART + RLENGTH)
			}
			text = result text
			result = ""
			while (match(text, /\[[A-Za-z0-9_.]+\]/)) {
				name = substr(text, RSTART + 1, RLENGTH - 2)
				result = result substr(text, 1, RSTART - 1)
				text = substr(text, RSTART + RLENGTH)
				result = result linked(name)
			}
			return result text
		}
		/^ *@kotlin\./ { next }
		/^    public static final class Companion \{/ { companion = 1 }
		/ Companion = null;$/ { held = ""; next }
		{
			if (companion) {
				if (/^    }/) companion = 0
				held = ""
				next
			}
			if (held != "") print held
			held = ""
		}
		/^ *\/\*\*$/ { inside = 1; paragraph = 0; print; next }
		inside && /^ *\*\/$/ { inside = 0; print; next }
		inside && /^ *\*$/ { paragraph = 1; next }
		inside {
			if (paragraph && !/^ *\* @/) sub(/\* /, "* <p>")
			paragraph = 0
			begin = index($0, "* ") + 1
			print substr($0, 1, begin) converted(substr($0, begin + 1))
			next
		}
		/^ *@org\.jetbrains\.annotations\.[A-Za-z]+\(\)$/ { held = $0; next }
		{ print }' "$stub" >"$sources/dev/tokmint/${stub##*/}"
done
rm -rf "$folder"
"$javadoc" -quiet -notimestamp -encoding UTF-8 -public -Xdoclint:all,-missing -Werror -windowtitle tokmint \
	-classpath "$classpath" -d "$folder" "$sources"/dev/tokmint/*.java
