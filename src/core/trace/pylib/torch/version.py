"""What upstream's version checks see."""

__version__ = "2.5.0"
cuda = None
hip = None
git_version = "traced"
