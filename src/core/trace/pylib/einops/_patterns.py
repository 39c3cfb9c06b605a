"""From the text of a pattern to a plan for one shape.

A side of a pattern is a list of groups, one per dimension of the tensor; a group lists the elementary axes whose product that dimension is.
`b (h w) 1 c` is [["b"], ["h", "w"], [], ["c"]]. Axes given as numbers, like the 2 of `(h 2)`, are ints there. An ellipsis is the axis "...";
standing alone, where it is any number of dimensions, it is that string itself instead of a group.
"""


class EinopsError(RuntimeError):
    """Raised with the sentence that says what is wrong with a pattern."""


ELLIPSIS = "..."
_sides = {}
_plans = {}


def _check_name(name, side):
    if name == ELLIPSIS or name.isdecimal():
        return
    if not name.isidentifier():
        raise EinopsError(f"Invalid axis identifier: {name} in '{side}'")
    if name[0] == "_" or name[-1] == "_":
        raise EinopsError(f"Invalid axis name: {name}; axis names should not start or end with an underscore")


def parse_side(side):
    """One side of a pattern as a list of groups."""
    if side in _sides:
        return _sides[side]
    groups = []
    inside = None
    seen = set()
    text = side.replace("(", " ( ").replace(")", " ) ").replace("…", ELLIPSIS)
    for name in text.split():
        if name == "(":
            if inside is not None:
                raise EinopsError(f"Axis composition is one-level (brackets inside brackets not allowed): '{side}'")
            inside = []
            continue
        if name == ")":
            if inside is None:
                raise EinopsError(f"Brackets are not balanced in '{side}'")
            groups.append(inside)
            inside = None
            continue
        _check_name(name, side)
        if name.isdecimal():
            size = int(name)
            if size == 0:
                raise EinopsError(f"Anonymous axis should have positive length, not 0 in '{side}'")
            axes = [] if size == 1 else [size]
        else:
            if name in seen:
                raise EinopsError(f"Indexing expression contains duplicate dimension '{name}' in '{side}'")
            seen.add(name)
            axes = [name]
        if inside is None:
            groups.append(ELLIPSIS if name == ELLIPSIS else axes)
        else:
            inside.extend(axes)
    if inside is not None:
        raise EinopsError(f"Brackets are not balanced in '{side}'")
    _sides[side] = groups
    return groups


def _axes_of(groups):
    axes = []
    for group in groups:
        axes.extend([group] if group == ELLIPSIS else group)
    return axes


def _spell_out(groups, ellipsis_axes):
    """Puts the axes that the ellipsis stands for in its place."""
    spelled = []
    for group in groups:
        if group == ELLIPSIS:
            spelled.extend([axis] for axis in ellipsis_axes)
        elif ELLIPSIS in group:
            at = group.index(ELLIPSIS)
            spelled.append(group[:at] + ellipsis_axes + group[at + 1:])
        else:
            spelled.append(group)
    return spelled


def _number_anonymous(groups, label, sizes):
    """Gives every anonymous axis a name of its own, and notes its size."""
    numbered = []
    count = 0
    for group in groups:
        names = []
        for axis in group:
            if isinstance(axis, int):
                name = f"{label}{count}"
                count += 1
                sizes[name] = axis
                names.append(name)
            else:
                names.append(axis)
        numbered.append(names)
    return numbered


def _measure(left, shape, sizes):
    """The size of every elementary axis on the left: known ones are checked, one unknown per dimension follows."""
    for group, length in zip(left, shape):
        known = 1
        unknown = []
        for axis in group:
            if axis in sizes:
                known *= sizes[axis]
            else:
                unknown.append(axis)
        if len(unknown) > 1:
            raise EinopsError(f"Could not infer sizes for {unknown}")
        if not unknown:
            if known != length:
                raise EinopsError(f"Shape mismatch, {length} != {known}")
        else:
            if known == 0 or length % known != 0:
                raise EinopsError(f"Shape mismatch, can't divide axis of length {length} in chunks of {known}")
            sizes[unknown[0]] = length // known
    return sizes


def _differ(one, other):
    return sorted(set(one) ^ set(other))


def plan(pattern, operation, shape, lengths):
    """What to do with a tensor of this shape: (first shape, reduced positions, order, sizes to add, final shape).

    `order` and the positions count axes of the first shape; in `order`, -1 stands for an axis that is added.
    """
    key = (pattern, operation, tuple(shape), tuple(lengths.items()))
    if key in _plans:
        return _plans[key]
    if pattern.count("->") != 1:
        raise EinopsError(f"Pattern '{pattern}' should have exactly one '->'")
    left_text, right_text = pattern.split("->")
    left, right = parse_side(left_text), parse_side(right_text)
    if any(group != ELLIPSIS and ELLIPSIS in group for group in left):
        raise EinopsError(f"Ellipsis inside parenthesis in the left side is not allowed: {pattern}")
    left_has, right_has = ELLIPSIS in left, ELLIPSIS in _axes_of(right)
    if right_has and not left_has:
        raise EinopsError(f"Ellipsis found in right side, but not left side of a pattern {pattern}")

    extra = len(shape) - (len(left) - 1 if left_has else len(left))
    if extra < 0 or (extra > 0 and not left_has):
        least = "at least " if left_has else ""
        wanted = len(left) - 1 if left_has else len(left)
        raise EinopsError(f"Wrong shape: expected {least}{wanted} dims. Received {len(shape)}-dim tensor.")
    ellipsis_axes = [f"...{position}" for position in range(extra)]
    left, right = _spell_out(left, ellipsis_axes), _spell_out(right, ellipsis_axes)

    anonymous = {}
    left = _number_anonymous(left, "left ", anonymous)
    right = _number_anonymous(right, "right ", anonymous)
    left_axes, right_axes = _axes_of(left), _axes_of(right)
    if operation == "rearrange":
        if anonymous:
            raise EinopsError(f"Non-unitary anonymous axes are not supported in rearrange (exception is length 1): {pattern}")
        if _differ(left_axes, right_axes):
            raise EinopsError(f"Identifiers only on one side of expression (should be on both): {_differ(left_axes, right_axes)}")
    elif operation == "repeat":
        gone = [axis for axis in left_axes if axis not in right_axes]
        if gone:
            raise EinopsError(f"Unexpected identifiers on the left side of repeat: {gone}")
        unsized = [axis for axis in right_axes if axis not in left_axes and axis not in lengths and axis not in anonymous]
        if unsized:
            raise EinopsError(f"Specify sizes for new axes in repeat: {unsized}")
    else:
        new = [axis for axis in right_axes if axis not in left_axes]
        if new:
            raise EinopsError(f"Unexpected identifiers on the right side of reduce {operation}: {new}")
    for name in lengths:
        if name not in left_axes and name not in right_axes:
            raise EinopsError(f"Axis {name} is not used in transform")

    sizes = dict(lengths)
    sizes.update(anonymous)
    _measure(left, shape, sizes)
    first_shape = [sizes[axis] for axis in left_axes]
    reduced = [position for position, axis in enumerate(left_axes) if axis not in right_axes]
    kept = [axis for axis in left_axes if axis in right_axes]
    order = [kept.index(axis) if axis in kept else -1 for axis in right_axes]
    added = [sizes[axis] for axis in right_axes]
    final_shape = []
    for group in right:
        size = 1
        for axis in group:
            size *= sizes[axis]
        final_shape.append(size)
    _plans[key] = (first_shape, reduced, order, added, final_shape)
    return _plans[key]
