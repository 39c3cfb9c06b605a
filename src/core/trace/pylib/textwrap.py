"""The parts of textwrap that docstrings need."""


def dedent(text):
    lines = text.split("\n")
    margin = None
    for line in lines:
        if line.strip():
            indent = line[: len(line) - len(line.lstrip())]
            if margin is None:
                margin = indent
            else:
                while not indent.startswith(margin):
                    margin = margin[:-1]
    margin = margin or ""
    return "\n".join(line[len(margin) :] if line.strip() else "" for line in lines)


def indent(text, prefix, predicate=None):
    return "".join(
        prefix + line if (predicate(line) if predicate else line.strip()) else line for line in text.splitlines(True)
    )
