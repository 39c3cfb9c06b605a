"""There is no clock in a traced run."""


def _no_clock(*args):
    refuse("Traced code has no clock.", "time")


time = perf_counter = monotonic = process_time = sleep = strftime = localtime = gmtime = ctime = time_ns = _no_clock
