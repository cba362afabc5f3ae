#include "engine/alert_order.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

namespace tuanyuan::engine {
namespace {

/// A token goes into the query of a URL, where this needs no escape.
constexpr char between = '.';

/// Takes the number before the next mark off the front.
template <class Number>
std::optional<Number> take(std::string_view& text) {
  const std::size_t end = text.find(between);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  Number number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + end, number);
  if (error != std::errc{} || stop != text.data() + end) {
    return std::nullopt;
  }
  text.remove_prefix(end + 1);
  return number;
}

}  // namespace

bool stands_before(const AlertPlace& one, const AlertPlace& other) {
  return one.at != other.at ? one.at > other.at : one.id > other.id;
}

std::optional<AlertReading> AlertReading::from_token(std::string_view token, core::Sequence newest) {
  const std::optional<core::Sequence> begun = take<core::Sequence>(token);
  const std::optional<std::int64_t> at_ms = begun ? take<std::int64_t>(token) : std::nullopt;
  if (!at_ms || *begun > newest) {  // the journal has not come so far: older tokens began with a time
    return std::nullopt;
  }
  AlertReading reading(*begun);
  reading.last_ = AlertPlace{core::from_epoch_ms(*at_ms), core::AlertId(std::string(token))};
  return reading;
}

AlertPlace AlertReading::place_of(const CaseFile& file) const {
  const core::CaseState& state = file.state;
  const bool released = file.release_sequence != 0 && file.release_sequence <= begun_;
  return {released ? state.released_at : state.submitted_at, state.alert_id};
}

std::string AlertReading::token_after(const AlertPlace& place) const {
  return std::to_string(begun_) + between + std::to_string(core::to_epoch_ms(place.at)) + between + place.id.value;
}

}  // namespace tuanyuan::engine
