#!/bin/sh
# Builds the example server into a folder, and asks it for tokens: test.sh FOLDER
set -eu
cd "$(dirname "$0")"
swift=$PWD/../with-swift.sh
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
"$swift" swift build --package-path TokenServer --scratch-path "$1" -Xswiftc -warnings-as-errors

session=1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4
"$swift" env PORT=0 TOKMINT_API_KEY=123456 TOKMINT_API_SECRET=1234567890abcdef1234567890abcdef1234567890 \
	SESSION_ID=$session "$1/debug/TokenServer" >"$work/output" 2>"$work/log" &
server=$!
until port=$(sed -n 's/^listening on port //p' "$work/output") && [ -n "$port" ]; do
	kill -0 "$server" 2>/dev/null || {
		server=
		echo "the server ended: $(cat "$work/log")" >&2
		exit 1
	}
	sleep 0.1
done

# expect STATUS BODY OPTION...: asks with curl's options, of which the last is a path.
expect() {
	status=$1 wanted=$2
	shift 2
	# Of a token the beginning is wanted: the rest differs.
	got=$(curl --silent --show-error --max-time 10 --request POST --write-out ' %{http_code}' "$@")
	case $got in
	"$wanted"*" $status") ;;
	*)
		echo "wanted $wanted with $status, got: $got" >&2
		exit 1
		;;
	esac
}
url=http://127.0.0.1:$port
expect 200 "{\"apiKey\":\"123456\",\"sessionId\":\"$session\",\"token\":\"eyJ" --header 'x-user: ada' "$url/token"
token=$(echo "$got" | sed 's/.*"token":"\([^"]*\)".*/\1/')
expect 200 '{"name":"ada","role":"moderator"}' --data "$token" "$url/whoami"
expect 403 '{"error":"invalid_signature"}' --data "${token%????}AAAA" "$url/whoami"
expect 400 '{"error":"data_too_long"}' --header "x-user: $(printf '%01001d' 0)" "$url/token"
expect 401 '{"error":"who are you?"}' "$url/token"
expect 404 '{"error":"not found"}' "$url/else"
! grep -q "$token" "$work/log" || {
	echo "the log holds a token" >&2
	exit 1
}
echo "the example server answered"
