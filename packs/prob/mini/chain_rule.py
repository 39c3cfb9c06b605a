"""p(X, Y | Z) = p(X | Y, Z) p(Y | Z) on a table of counts (exercise 6.3)."""


def chain_rule(counts):
    """counts: how often each (x, y, z) was seen, [X, Y, Z]. Both sides of the chain rule and the two factors."""
    joint = counts / counts.sum()  # p(X, Y, Z)
    p_yz = joint.sum(dim=0)  # p(Y, Z)      [Y, Z]
    p_z = p_yz.sum(dim=0)  # p(Z)         [Z]
    p_xy_given_z = joint / p_z  # left side    [X, Y, Z]
    p_x_given_yz = joint / p_yz  # "decoder"    [X, Y, Z]
    p_y_given_z = p_yz / p_z  # "prior"      [Y, Z]
    product = p_x_given_yz * p_y_given_z  # right side   [X, Y, Z]
    return p_xy_given_z, p_x_given_yz, p_y_given_z, product
