#include "adapters/mqtt5/topic.hpp"

#include <cstddef>
#include <cstdint>

namespace tuanyuan::mqtt5 {
namespace {

constexpr std::string_view share_prefix = "$share/";

/// Unicode 15, table 3-7: which second octets a first one allows, and how many octets follow.
struct Sequence {
  std::size_t following = 0;
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
};

constexpr Sequence sequence_of(std::uint8_t first) {
  if (first >= 0xC2 && first <= 0xDF) {
    return {1, 0x80, 0xBF};
  }
  if (first >= 0xE0 && first <= 0xEF) {
    return {2, static_cast<std::uint8_t>(first == 0xE0 ? 0xA0 : 0x80),
            static_cast<std::uint8_t>(first == 0xED ? 0x9F : 0xBF)};
  }
  if (first >= 0xF0 && first <= 0xF4) {
    return {3, static_cast<std::uint8_t>(first == 0xF0 ? 0x90 : 0x80),
            static_cast<std::uint8_t>(first == 0xF4 ? 0x8F : 0xBF)};
  }
  return {};
}

/// The octets of the multi-octet character at the beginning of `text`, or 0 where it is malformed.
std::size_t multi_octet_length(std::string_view text) {
  const Sequence sequence = sequence_of(static_cast<std::uint8_t>(text[0]));
  if (sequence.following == 0 || text.size() <= sequence.following) {
    return 0;
  }
  const auto second = static_cast<std::uint8_t>(text[1]);
  if (second < sequence.second_min || second > sequence.second_max) {
    return 0;
  }
  for (std::size_t i = 2; i <= sequence.following; ++i) {
    if ((static_cast<std::uint8_t>(text[i]) & 0xC0) != 0x80) {
      return 0;
    }
  }
  return sequence.following + 1;
}

bool levels_are_valid(std::string_view filter) {
  if (filter.empty()) {
    return false;
  }
  for (std::size_t at = 0; at < filter.size(); ++at) {
    if (filter[at] != '+' && filter[at] != '#') {
      continue;
    }
    const bool begins_level = at == 0 || filter[at - 1] == '/';
    const bool ends_filter = at + 1 == filter.size();
    const bool ends_level = ends_filter || filter[at + 1] == '/';
    if (!begins_level || !(filter[at] == '#' ? ends_filter : ends_level)) {
      return false;
    }
  }
  return true;
}

/// Takes the first level off `rest`; `more` says whether a separator followed it.
std::string_view take_level(std::string_view& rest, bool& more) {
  const std::size_t slash = rest.find('/');
  const std::string_view level = rest.substr(0, slash);
  more = slash != std::string_view::npos;
  rest.remove_prefix(more ? slash + 1 : rest.size());
  return level;
}

bool levels_match(std::string_view filter, std::string_view topic) {
  bool more_filter = true;
  bool more_topic = true;
  while (more_filter && more_topic) {
    const std::string_view wanted = take_level(filter, more_filter);
    if (wanted == "#") {
      return true;
    }
    const std::string_view given = take_level(topic, more_topic);
    if (wanted != "+" && wanted != given) {
      return false;
    }
  }
  // "sport/#" also matches "sport": the multi-level wildcard stands for the parent too (section 4.7.1.2).
  return !more_topic && (!more_filter || filter == "#");
}

}  // namespace

bool is_valid_string(std::string_view text) {
  while (!text.empty()) {
    const auto first = static_cast<std::uint8_t>(text.front());
    if (first == 0) {
      return false;
    }
    const std::size_t length = first < 0x80 ? 1 : multi_octet_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

bool is_topic_name(std::string_view topic) {
  return !topic.empty() && topic.find_first_of("+#") == std::string_view::npos;
}

bool is_shared(std::string_view filter) {
  return filter.starts_with(share_prefix);
}

bool is_topic_filter(std::string_view filter) {
  if (!is_shared(filter)) {
    return levels_are_valid(filter);
  }
  const std::string_view shared = filter.substr(share_prefix.size());
  const std::size_t slash = shared.find('/');
  const std::string_view name = shared.substr(0, slash);
  return slash != std::string_view::npos && is_topic_name(name) && levels_are_valid(shared.substr(slash + 1));
}

bool matches(std::string_view filter, std::string_view topic) {
  if (is_shared(filter)) {
    const std::size_t slash = filter.find('/', share_prefix.size());
    filter.remove_prefix(slash == std::string_view::npos ? filter.size() : slash + 1);
  }
  if (filter.empty() || topic.empty()) {
    return false;
  }
  if (topic.front() == '$' && (filter.front() == '+' || filter.front() == '#')) {
    return false;
  }
  return levels_match(filter, topic);
}

}  // namespace tuanyuan::mqtt5
