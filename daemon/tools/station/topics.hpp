#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/recipient.hpp"

namespace tuanyuan::station {

inline constexpr std::string_view default_prefix = "tuanyuan/v1";

/// What a topic that something came on is for (contract, section 4).
struct Incoming {
  enum class Kind { notice, direct, sighting, photo, receipt, keys };
  Kind kind = Kind::notice;
  std::string alert_id;  ///< of a notice, direct copy or photo
};

/// The topics of one recipient. With `json`, notices, direct copies and sightings are those in JSON; photos,
/// keys, answers and receipts have one topic for both encodings.
class Topics {
 public:
  /// `prefix` has to outlive this: it is the program's.
  Topics(std::string_view prefix, core::RecipientId id, core::Audience audience, core::Division division,
         bool json);

  /// Keys first, so that what comes after them can be verified.
  std::vector<std::string> filters() const;
  std::optional<Incoming> read(std::string_view topic) const;

  /// The photo is asked for by its own topic, after the circle applies.
  std::string photo(const core::AlertId& alert) const;
  std::string acknowledgements() const;
  std::string presence() const;

 private:
  std::string place() const;
  std::string under(std::string_view rest) const;
  std::string under_encoding(std::string_view rest) const;

  std::string_view prefix_;
  core::RecipientId id_;
  core::Audience audience_;
  core::Division division_;
  bool json_;
};

}  // namespace tuanyuan::station
