#include "adapters/http/media.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/http/limits.hpp"

namespace tuanyuan::http {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lowered;
}

/// Takes the part before the first `separator` off the front of `rest`.
std::string_view take_until(char separator, std::string_view& rest) {
  const std::size_t at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return trimmed(part);
}

/// Thousandths. What is no weight counts as refused.
int weight_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= 0 && value <= 1 ? static_cast<int>(value * 1000) : 0;
}

struct Range {
  std::string name;  ///< "application/json", "text/*", "zh-cn", "*"
  int weight = 1000;
};

/// Parameters other than the weight are passed over: nothing that is offered here has any.
Range range_of(std::string_view item) {
  Range range;
  range.name = lower(take_until(';', item));
  while (!item.empty()) {
    std::string_view parameter = take_until(';', item);
    const std::string name = lower(take_until('=', parameter));
    if (name == "q") {
      range.weight = weight_of(trimmed(parameter));
    }
  }
  return range;
}

std::vector<Range> ranges_of(std::string_view field) {
  std::vector<Range> ranges;
  while (!field.empty() && ranges.size() < accepted_ranges_max) {
    const std::string_view item = take_until(',', field);
    if (!item.empty()) {
      ranges.push_back(range_of(item));
    }
  }
  return ranges;
}

/// How exactly the range speaks of the offer: 0 not at all, 3 by name.
int exactness(std::string_view range, std::string_view offer) {
  if (range == offer) {
    return 3;
  }
  if (range == "*/*" || range == "*") {
    return 1;
  }
  const bool of_the_type = range.ends_with("/*") && offer.starts_with(range.substr(0, range.size() - 1));
  return of_the_type ? 2 : 0;
}

/// The weight by the range that speaks of it most exactly.
int weight_for(std::string_view offer, const std::vector<Range>& ranges) {
  int best = 0;
  int weight = 0;
  for (const Range& range : ranges) {
    const int exact = exactness(range.name, offer);
    if (exact > best) {
      best = exact;
      weight = range.weight;
    }
  }
  return weight;
}

}  // namespace

std::optional<std::string> essence_of(std::string_view content_type) {
  std::string essence = lower(take_until(';', content_type));
  if (essence.find('/') == std::string::npos) {
    return std::nullopt;
  }
  while (!content_type.empty()) {
    std::string_view parameter = take_until(';', content_type);
    if (lower(take_until('=', parameter)) != "charset") {
      continue;
    }
    const std::string charset = lower(trimmed(parameter));
    if (charset != "utf-8" && charset != "utf8" && charset != "\"utf-8\"") {
      return std::nullopt;
    }
  }
  return essence;
}

std::optional<std::string_view> choose(const std::optional<std::string>& accept,
                                       std::span<const std::string_view> offers) {
  const std::vector<Range> ranges = accept ? ranges_of(*accept) : std::vector<Range>();
  if (ranges.empty()) {
    return offers.front();
  }
  std::optional<std::string_view> chosen;
  int best = 0;
  for (const std::string_view offer : offers) {
    const int weight = weight_for(offer, ranges);
    if (weight > best) {
      best = weight;
      chosen = offer;
    }
  }
  return chosen;
}

Language language_of(const std::optional<std::string>& accept_language) {
  int zh = 0;
  int en = 0;
  for (const Range& range : ranges_of(accept_language.value_or(""))) {
    if (range.name == "zh" || range.name.starts_with("zh-") || range.name == "*") {
      zh = std::max(zh, range.weight);
    } else if (range.name == "en" || range.name.starts_with("en-")) {
      en = std::max(en, range.weight);
    }
  }
  return en > zh ? Language::en : Language::zh;
}

}  // namespace tuanyuan::http
