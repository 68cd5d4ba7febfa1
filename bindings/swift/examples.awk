# Writes the programs in the Swift blocks of a README to files: awk -v folder=FOLDER -f examples.awk README.md
#
# A block that begins with an import is a program of its own, FOLDER/1.swift and so on. The others continue the first.
/^```swift$/ { state = "begins"; next }
/^```/ { state = ""; next }
state == "begins" {
	if (/^import /) programs++
	file = folder "/" (/^import / ? programs : 1) ".swift"
	state = "inside"
}
state == "inside" { print >file }
