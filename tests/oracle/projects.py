"""The projects and session IDs the vectors use.

The session IDs are real ones, printed in the test suites of the official SDKs; none grants anything. The secrets
are made up for these vectors, apart from 1234567890abcdef..., the one the official test suites use for project 123456.
"""

import base64

API_KEY = "123456"
API_SECRET = "1234567890abcdef1234567890abcdef1234567890"
SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
SESSION_ID_WITH_LOCATION = (
    "1_MX4xMjM0NTZ-MTIuMzQuNTYuNzh-TW9uIE1hciAxNyAwMjowMDowNyBQRFQgMjAxNH4wLjIxMzUyNTY0ODkyNzMxNjA3fg"
)

# (api_key, api_secret, session_id) of other numeric projects.
PROJECT_OF_2016 = (
    "854511",
    "test-secret-of-project-854511-not-a-real-one",
    "2_MX44NTQ1MTF-fjE0NzI0MzU2MDUyMjN-eVgwNFJhZmR6MjdockFHanpxNzBXaEFXfn4",
)
PROJECT_OF_2019 = (
    "27086612",
    "test-secret-of-project-27086612-not-a-real-one",
    "1_MX4yNzA4NjYxMn5-MTU0NzA4MDUyMTEzNn5sOXU5ZnlWYXplRnZGblV4RUo3dXJpZk1-fg",
)
PROJECT_OF_2025 = (
    "47665971",
    "test-secret-of-project-47665971-not-a-real-one",
    "1_MX40NzY2NTk3MX5-MTczOTUzODg5NDk1OX5ROW1jWEcxUXJOM1RJWXU4eStwcHgvZ3N-UH5-",
)
SESSION_ID_OF_AN_APPLICATION = (
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg"
)


def session_id_of(decoded, prefix="1_"):
    """The session ID that decodes to this text or these bytes."""
    octets = decoded if isinstance(decoded, bytes) else decoded.encode("utf-8")
    return prefix + base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


# Longest valid session ID of any project: 255 characters would leave 253 of base64, and 1 mod 4 is no length of base64.
LONGEST_SESSION_ID = session_id_of("1~123456~~1547080521136~".ljust(188, "x") + "~")
SESSION_ID_OF_256_CHARACTERS = session_id_of("1~123456~~1547080521136~".ljust(189, "x") + "~")
