"""The notation for strings that plain JSON cannot hold or would hold at great length.

A string of a vector is a JSON string or one of these objects (the same notation as in attacks.json):

    {"repeat": "x", "times": 1000}      the string, that many times
    {"concat": [string, string, ...]}   the strings, joined
    {"utf16": [97, 55296, 98]}          UTF-16 code units; the only way to write a lone surrogate
"""


def repeat(text, times):
    return {"repeat": text, "times": times}


def concat(*parts):
    return {"concat": list(parts)}


def utf16(*units):
    return {"utf16": list(units)}


def expand(text):
    """The Python string of a value in this notation. Lone surrogates have none, so {"utf16"} is refused."""
    if isinstance(text, str):
        return text
    if "repeat" in text:
        return text["repeat"] * text["times"]
    if "concat" in text:
        return "".join(expand(part) for part in text["concat"])
    raise ValueError(f"no Python string for {text!r}")


def utf16_length(text):
    """The length in UTF-16 code units, the unit of every limit on texts."""
    return len(text.encode("utf-16-le")) // 2
