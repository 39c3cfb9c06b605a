"""Numbers to tuples."""


def to_ntuple(n):
    def parse(value):
        if isinstance(value, (tuple, list)):
            return tuple(value)
        return (value,) * n

    return parse


to_1tuple = to_ntuple(1)
to_2tuple = to_ntuple(2)
to_3tuple = to_ntuple(3)
to_4tuple = to_ntuple(4)


def make_divisible(v, divisor=8, min_value=None, round_limit=0.9):
    least = min_value or divisor
    rounded = max(least, int(v + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < round_limit * v else rounded
