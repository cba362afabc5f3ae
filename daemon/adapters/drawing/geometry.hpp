#pragma once

namespace tuanyuan::drawing {

/// A rectangle in the sheet's units: pixels of a picture, points of a page. y counts downwards.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  Box inset(double by) const { return {x + by, y + by, width - 2 * by, height - 2 * by}; }
  /// Cut off from the top or the left, and taken away from this.
  Box take_top(double amount);
  Box take_bottom(double amount);
  Box take_left(double amount);
};

struct Extent {
  double width = 0;
  double height = 0;
};

}  // namespace tuanyuan::drawing
