"""Whether a row of measurements stays where it is: a line through them, its slope, and how much of that is noise."""

import math


class Growth(object):
    """A line of least squares through points (connections made, value)."""

    def __init__(self, points):
        count = len(points)
        mean_x = sum(x for x, _ in points) / count
        mean_y = sum(y for _, y in points) / count
        spread = sum((x - mean_x) ** 2 for x, _ in points)
        self.mean = mean_y
        self.slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
        rest = sum((y - mean_y - self.slope * (x - mean_x)) ** 2 for x, y in points)
        # The standard error of the slope, had the points nothing but noise besides.
        self.noise = math.sqrt(rest / (count - 2) / spread) if spread and count > 2 else float("inf")

    def exceeds(self, most):
        """Whether it surely grows by more than that for each connection: the slope less two standard errors."""
        return self.slope - 2 * self.noise > most

    def stays_below(self, most):
        """Whether it surely grows by less than that for each connection: the slope and two standard errors more."""
        return self.slope + 2 * self.noise < most
