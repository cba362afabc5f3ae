#include "engine/alert_order.hpp"

#include <charconv>
#include <utility>

namespace tuanyuan::engine {
namespace {

/// A token goes into the query of a URL, where this needs no escape.
constexpr char between = '.';

/// Takes the number before the next mark off the front.
std::optional<core::Instant> take_instant(std::string_view& text) {
  const std::size_t end = text.find(between);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t ms = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + end, ms);
  if (error != std::errc{} || stop != text.data() + end) {
    return std::nullopt;
  }
  text.remove_prefix(end + 1);
  return core::from_epoch_ms(ms);
}

}  // namespace

bool stands_before(const AlertPlace& one, const AlertPlace& other) {
  return one.at != other.at ? one.at > other.at : one.id > other.id;
}

std::optional<AlertReading> AlertReading::from_token(std::string_view token) {
  const std::optional<core::Instant> begun = take_instant(token);
  const std::optional<core::Instant> at = begun ? take_instant(token) : std::nullopt;
  if (!at) {
    return std::nullopt;
  }
  AlertReading reading(*begun);
  reading.last_ = AlertPlace{*at, core::AlertId(std::string(token))};
  return reading;
}

AlertPlace AlertReading::place_of(const core::CaseState& state) const {
  const bool released = state.released_at != core::Instant{} && state.released_at <= begun_;
  return {released ? state.released_at : state.submitted_at, state.alert_id};
}

std::string AlertReading::token_after(const AlertPlace& place) const {
  return std::to_string(core::to_epoch_ms(begun_)) + between + std::to_string(core::to_epoch_ms(place.at)) +
         between + place.id.value;
}

}  // namespace tuanyuan::engine
