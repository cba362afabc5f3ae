#include "core/geo.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tuanyuan::core {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double mean_radius_km = 6371.0088;  // IUGG mean radius

// The Krasovsky ellipsoid, which GCJ-02 is computed on.
constexpr double krasovsky_axis_m = 6378245.0;
constexpr double krasovsky_eccentricity2 = 0.00669342162296594323;

// Where GCJ-02 is defined: China's box.
constexpr double box_latitude_min = 0.8293;
constexpr double box_latitude_max = 55.8271;
constexpr double box_longitude_min = 72.004;
constexpr double box_longitude_max = 137.8347;

// The shift changes by less than a fiftieth of a step, so each round gains more than a decimal place.
constexpr int inversion_rounds = 10;

double radians(double degrees) {
  return degrees * pi / 180.0;
}

bool in_box(Position place) {
  return place.latitude >= box_latitude_min && place.latitude <= box_latitude_max &&
         place.longitude >= box_longitude_min && place.longitude <= box_longitude_max;
}

double two_thirds_waves(double large, double a, double small, double b) {
  return (large * std::sin(a) + small * std::sin(b)) * 2.0 / 3.0;
}

double north_shift_m(double x, double y) {
  const double base = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x));
  return base + two_thirds_waves(20.0, 6.0 * pi * x, 20.0, 2.0 * pi * x) +
         two_thirds_waves(20.0, pi * y, 40.0, pi * y / 3.0) +
         two_thirds_waves(160.0, pi * y / 12.0, 320.0, pi * y / 30.0);
}

double east_shift_m(double x, double y) {
  const double base = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x));
  return base + two_thirds_waves(20.0, 6.0 * pi * x, 20.0, 2.0 * pi * x) +
         two_thirds_waves(20.0, pi * x, 40.0, pi * x / 3.0) +
         two_thirds_waves(150.0, pi * x / 12.0, 300.0, pi * x / 30.0);
}

Position shift_to_gcj02(Position place) {
  const double x = place.longitude - 105.0;
  const double y = place.latitude - 35.0;
  const double latitude = radians(place.latitude);
  const double sine = std::sin(latitude);
  const double magic = 1.0 - krasovsky_eccentricity2 * sine * sine;
  const double meridian_m = krasovsky_axis_m * (1.0 - krasovsky_eccentricity2) / (magic * std::sqrt(magic));
  const double parallel_m = krasovsky_axis_m / std::sqrt(magic) * std::cos(latitude);
  return {place.latitude + north_shift_m(x, y) * 180.0 / (meridian_m * pi),
          place.longitude + east_shift_m(x, y) * 180.0 / (parallel_m * pi)};
}

Position shift_gcj02_to_bd09(Position gcj) {
  constexpr double wave = pi * 3000.0 / 180.0;
  const double x = gcj.longitude;
  const double y = gcj.latitude;
  const double z = std::hypot(x, y) + 0.00002 * std::sin(y * wave);
  const double angle = std::atan2(y, x) + 0.000003 * std::cos(x * wave);
  return {z * std::sin(angle) + 0.006, z * std::cos(angle) + 0.0065};
}

Position shift_to_bd09(Position place) {
  return shift_gcj02_to_bd09(shift_to_gcj02(place));
}

// The place whose shifted position is `given`: take off the shift at the last guess until it stands still.
template <class Shift>
Position inverse(Position given, Shift shift) {
  Position guess = given;
  for (int round = 0; round < inversion_rounds; ++round) {
    const Position there = shift(guess);
    guess.latitude += given.latitude - there.latitude;
    guess.longitude += given.longitude - there.longitude;
  }
  return guess;
}

double rounded(double value, double step) {
  // Dividing by 100 gives the nearest double to a decimal, multiplying by 0.01 does not.
  const double inverse_step = std::round(1.0 / step);
  return std::round(value * inverse_step) / inverse_step;
}

}  // namespace

double distance_km(Position a, Position b) {
  const double half_latitude = std::sin(radians(b.latitude - a.latitude) / 2.0);
  const double half_longitude = std::sin(radians(b.longitude - a.longitude) / 2.0);
  const double haversine = half_latitude * half_latitude + std::cos(radians(a.latitude)) *
                                                               std::cos(radians(b.latitude)) * half_longitude *
                                                               half_longitude;
  return 2.0 * mean_radius_km * std::asin(std::sqrt(std::clamp(haversine, 0.0, 1.0)));
}

Position to_gcj02(Position wgs84) {
  return in_box(wgs84) ? shift_to_gcj02(wgs84) : wgs84;
}

Position to_bd09(Position wgs84) {
  return in_box(wgs84) ? shift_to_bd09(wgs84) : wgs84;
}

Position to_wgs84(Position given, Crs crs) {
  if ((crs != Crs::gcj02 && crs != Crs::bd09) || !in_box(given)) {
    return given;
  }
  return crs == Crs::gcj02 ? inverse(given, shift_to_gcj02) : inverse(given, shift_to_bd09);
}

Position rounded(Position place, double step) {
  return {rounded(place.latitude, step), rounded(place.longitude, step)};
}

}  // namespace tuanyuan::core
