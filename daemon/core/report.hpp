#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/division.hpp"
#include "core/geo.hpp"
#include "core/time.hpp"

namespace tuanyuan::core {

/// GB/T 2261.1: 0 and 9 unknown, 1 male, 2 female.
enum class Sex : std::uint8_t { unknown, male, female };

/// A picture as it came in, or as it was made ready to be shown.
struct Photo {
  std::string media_type;  ///< image/jpeg or image/png
  std::string data;

  bool empty() const { return data.empty(); }
  friend bool operator==(const Photo&, const Photo&) = default;
};

struct Child {
  std::string name;
  Sex sex = Sex::unknown;
  std::optional<std::chrono::year_month_day> birth_date;
  std::optional<std::uint32_t> age_years;
  std::optional<double> height_cm;
  std::optional<double> weight_kg;
  std::string appearance;
  std::string clothing;
  std::string marks;

  friend bool operator==(const Child&, const Child&) = default;
};

struct LastSeen {
  Instant time;                        ///< earliest
  std::optional<Instant> time_latest;  ///< latest, where a span is known
  std::string place;
  Division division;
  std::optional<Position> position;  ///< as given, in `crs`
  Crs crs = Crs::wgs84;

  friend bool operator==(const LastSeen&, const LastSeen&) = default;
};

struct Suspect {
  std::string description;
  std::string vehicle;
  std::string plate;

  friend bool operator==(const Suspect&, const Suspect&) = default;
};

struct Contact {
  std::string unit;
  std::string phone;

  friend bool operator==(const Contact&, const Contact&) = default;
};

/// A report that has passed validation (contract, section 3: "a report at 3 a.m."). All of it is the child's
/// data: it exists in memory while it is worked on, and sealed everywhere else.
struct Report {
  std::string incident_number;
  std::string case_number;
  std::string reporting_unit;
  bool exercise = false;
  Child child;
  Photo photo;
  LastSeen last_seen;
  std::string circumstances;
  bool abduction_suspected = false;
  Suspect suspect;
  Contact contact;
  std::string lead_officer;

  friend bool operator==(const Report&, const Report&) = default;
};

/// A report as it was decoded: what a message must have may still be missing. Validation turns it into a
/// Report, or into the list of everything that is wrong with it.
struct ReportDraft {
  Report report;
  bool has_exercise = false;
  bool has_last_seen_time = false;
  std::string birth_date;      ///< as written; empty: not given
  std::string division;        ///< as written
  bool has_age = false;
  bool has_crs = true;         ///< a position without its reference system is refused
  std::vector<std::string> unknown_enums;  ///< JSON paths of enumerations left UNSPECIFIED or not known
};

}  // namespace tuanyuan::core
