"""Paths as text. Questions to the file system are refused."""

sep = "/"


def join(first, *others):
    result = str(first)
    for part in others:
        part = str(part)
        if part.startswith("/"):
            result = part
        elif not result or result.endswith("/"):
            result += part
        else:
            result += "/" + part
    return result


def split(path):
    path = str(path)
    cut = path.rfind("/") + 1
    head, tail = path[:cut], path[cut:]
    if head and head != "/" * len(head):
        head = head.rstrip("/")
    return head, tail


def dirname(path):
    return split(path)[0]


def basename(path):
    return split(path)[1]


def splitext(path):
    path = str(path)
    name = basename(path)
    dot = name.rfind(".")
    if dot <= 0 or name[:dot] == "." * dot:
        return path, ""
    return path[: len(path) - len(name) + dot], name[dot:]


def isabs(path):
    return str(path).startswith("/")


def normpath(path):
    path = str(path)
    parts = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".." or not path.startswith("/"):
            parts.append(part)
    return ("/" if path.startswith("/") else "") + "/".join(parts) or "."


def realpath(path):
    return normpath(path)


def abspath(path):
    return normpath(path if isabs(path) else join("/", path))


def expanduser(path):
    return str(path)


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'os.path' has no attribute '{name}'")
    refuse(f"os.path.{name} is not there: traced code may not touch files.", f"os.path.{name}")
