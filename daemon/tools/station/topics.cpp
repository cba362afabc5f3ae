#include "tools/station/topics.hpp"

#include <utility>

namespace tuanyuan::station {
namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

/// One level that is not empty.
bool is_level(std::string_view text) {
  return !text.empty() && text.find('/') == std::string_view::npos;
}

}  // namespace

Topics::Topics(std::string_view prefix, core::RecipientId id, core::Audience audience, core::Division division,
               bool json)
    : prefix_(prefix), id_(std::move(id)), audience_(audience), division_(division), json_(json) {}

std::string Topics::under(std::string_view rest) const {
  return std::string(prefix_) + "/" + std::string(rest);
}

std::string Topics::under_encoding(std::string_view rest) const {
  return json_ ? under("json/" + std::string(rest)) : under(rest);
}

std::string Topics::place() const {
  return std::string(core::topic_name(audience_)) + "/" + core::to_string(division_) + "/";
}

std::vector<std::string> Topics::filters() const {
  return {under("keys"), under("receipts/" + id_.value), under_encoding("direct/" + id_.value + "/#"),
          under_encoding("notices/" + place() + "+")};
}

std::string Topics::photo(const core::AlertId& alert) const {
  return under("photos/" + place() + alert.value);
}

std::string Topics::acknowledgements() const {
  return under("acknowledgements/" + id_.value);
}

std::string Topics::presence() const {
  return under("presence/" + id_.value);
}

std::optional<Incoming> Topics::read(std::string_view topic) const {
  using Kind = Incoming::Kind;
  if (!take_prefix(topic, prefix_) || !take_prefix(topic, "/")) {
    return std::nullopt;
  }
  if (topic == "keys") {
    return Incoming{Kind::keys, {}};
  }
  if (topic == "receipts/" + id_.value) {
    return Incoming{Kind::receipt, {}};
  }
  if (take_prefix(topic, "photos/")) {
    const bool ours = take_prefix(topic, place()) && is_level(topic);
    return ours ? std::optional(Incoming{Kind::photo, std::string(topic)}) : std::nullopt;
  }
  if (json_ && !take_prefix(topic, "json/")) {
    return std::nullopt;
  }
  if (take_prefix(topic, "notices/")) {
    const bool ours = take_prefix(topic, place()) && is_level(topic);
    return ours ? std::optional(Incoming{Kind::notice, std::string(topic)}) : std::nullopt;
  }
  if (take_prefix(topic, "direct/" + id_.value + "/")) {
    if (take_prefix(topic, "sightings/")) {
      return is_level(topic) ? std::optional(Incoming{Kind::sighting, {}}) : std::nullopt;
    }
    return is_level(topic) ? std::optional(Incoming{Kind::direct, std::string(topic)}) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tuanyuan::station
