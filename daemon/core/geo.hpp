#pragma once

namespace tuanyuan::core {

/// Coordinate reference systems a position may be given in. CGCS2000 differs from WGS-84 by centimetres and
/// is taken as equal; GCJ-02 and BD-09 are the shifted systems of Chinese maps.
enum class Crs { wgs84, cgcs2000, gcj02, bd09 };

/// Degrees, WGS-84.
struct Position {
  double latitude = 0;
  double longitude = 0;

  friend bool operator==(const Position&, const Position&) = default;
};

/// The notice's circle: centre in WGS-84, radius in kilometres. `approximate` where the place of loss was
/// not given and the centre is that of its division (contract, section 3).
struct Circle {
  Position centre;
  double radius_km = 0;
  bool approximate = false;

  friend bool operator==(const Circle&, const Circle&) = default;
};

/// Great-circle distance on the mean sphere (radius 6371.0088 km), kilometres.
double distance_km(Position a, Position b);

inline bool covers(const Circle& circle, Position place) {
  return distance_km(circle.centre, place) <= circle.radius_km;
}

/// Converts to WGS-84; the inverse of the shifted systems is found by iteration, to within a metre. Outside
/// China's box GCJ-02 and BD-09 are not shifted, as the maps themselves have it.
Position to_wgs84(Position given, Crs crs);

/// The forward conversions, for tests and for maps that need them.
Position to_gcj02(Position wgs84);
Position to_bd09(Position wgs84);

/// Rounds both coordinates to `step` degrees: the public copy's centre is rounded to 0.01 degrees.
Position rounded(Position place, double step);

}  // namespace tuanyuan::core
