#include "adapters/mqtt/topics.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>

namespace tuanyuan::mqtt {
namespace {

constexpr std::size_t id_chars_max = 64;
constexpr std::size_t levels_max = 4;

/// The levels of a topic behind its prefix; more than the contract ever has: none at all.
struct Levels {
  std::array<std::string_view, levels_max> level;
  std::size_t count = 0;
};

Levels split(std::string_view text) {
  Levels levels;
  for (;;) {
    if (levels.count == levels_max) {
      return {};
    }
    const std::size_t slash = text.find('/');
    levels.level.at(levels.count++) = text.substr(0, slash);
    if (slash == std::string_view::npos) {
      return levels;
    }
    text.remove_prefix(slash + 1);
  }
}

bool consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<core::Audience> audience_of(std::string_view name) {
  for (const core::Audience audience : core::all_audiences) {
    if (core::topic_name(audience) == name) {
      return audience;
    }
  }
  return std::nullopt;
}

template <class AreaTopic>
std::optional<Topic> parse_area(const Levels& levels) {
  if (levels.count != 4 || !is_topic_id(levels.level[3])) {
    return std::nullopt;
  }
  const auto audience = audience_of(levels.level[1]);
  const auto division = core::parse_division(levels.level[2]);
  if (!audience || !division) {
    return std::nullopt;
  }
  return AreaTopic{*audience, *division, core::AlertId(std::string(levels.level[3]))};
}

std::optional<Topic> parse_direct(const Levels& levels) {
  if (levels.count < 3 || !is_topic_id(levels.level[1])) {
    return std::nullopt;
  }
  core::RecipientId recipient(std::string(levels.level[1]));
  if (levels.count == 3 && is_topic_id(levels.level[2])) {
    return DirectTopic{std::move(recipient), core::AlertId(std::string(levels.level[2]))};
  }
  if (levels.count == 4 && levels.level[2] == "sightings" && is_topic_id(levels.level[3])) {
    return DirectSightingTopic{std::move(recipient), core::SightingId(std::string(levels.level[3]))};
  }
  return std::nullopt;
}

template <class RecipientTopic>
std::optional<Topic> parse_recipient(const Levels& levels) {
  if (levels.count != 2 || !is_topic_id(levels.level[1])) {
    return std::nullopt;
  }
  return RecipientTopic{core::RecipientId(std::string(levels.level[1]))};
}

std::optional<Topic> parse_levels(const Levels& levels, Encoding encoding) {
  const std::string_view first = levels.level[0];
  if (first == "notices") {
    return parse_area<NoticeTopic>(levels);
  }
  if (first == "direct") {
    return parse_direct(levels);
  }
  if (first == "keys" && levels.count == 1) {
    return KeysTopic{};
  }
  // What a recipient says, which is JSON or not by its payload wherever it is said.
  if (first == "acknowledgements") {
    return parse_recipient<AcknowledgementTopic>(levels);
  }
  if (first == "sightings") {
    return parse_recipient<SightingTopic>(levels);
  }
  if (first == "presence") {
    return parse_recipient<PresenceTopic>(levels);
  }
  if (encoding == Encoding::json) {
    return std::nullopt;
  }
  if (first == "photos") {
    return parse_area<PhotoTopic>(levels);
  }
  if (first == "receipts") {
    return parse_recipient<ReceiptTopic>(levels);
  }
  return std::nullopt;
}

struct Writer {
  std::string& out;

  void area(std::string_view kind, core::Audience audience, core::Division division,
            const core::AlertId& alert) const {
    out.append(kind).append("/").append(core::topic_name(audience)).append("/");
    out.append(core::to_string(division)).append("/").append(alert.value);
  }
  void operator()(const NoticeTopic& topic) const {
    area("notices", topic.audience, topic.division, topic.alert_id);
  }
  void operator()(const PhotoTopic& topic) const {
    area("photos", topic.audience, topic.division, topic.alert_id);
  }
  void operator()(const DirectTopic& topic) const {
    out.append("direct/").append(topic.recipient.value).append("/").append(topic.alert_id.value);
  }
  void operator()(const DirectSightingTopic& topic) const {
    out.append("direct/").append(topic.recipient.value).append("/sightings/").append(topic.sighting_id.value);
  }
  void operator()(const AcknowledgementTopic& topic) const {
    out.append("acknowledgements/").append(topic.recipient.value);
  }
  void operator()(const SightingTopic& topic) const { out.append("sightings/").append(topic.recipient.value); }
  void operator()(const ReceiptTopic& topic) const { out.append("receipts/").append(topic.recipient.value); }
  void operator()(const PresenceTopic& topic) const { out.append("presence/").append(topic.recipient.value); }
  void operator()(const KeysTopic&) const { out.append("keys"); }
};

bool has_wildcard(std::string_view text) {
  return text.find_first_of("+#") != std::string_view::npos;
}

}  // namespace

bool is_topic_id(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !id.empty() && id.size() <= id_chars_max && std::all_of(id.begin(), id.end(), allowed);
}

Topics::Topics(std::string prefix) : prefix_(std::move(prefix)) {
  if (prefix_.empty() || prefix_.front() == '/' || prefix_.back() == '/' || prefix_.front() == '$' ||
      has_wildcard(prefix_)) {
    throw std::invalid_argument("not a topic prefix");
  }
  prefix_ += '/';
}

std::string Topics::of(const Topic& topic, Encoding encoding) const {
  std::string text = prefix_;
  if (encoding == Encoding::json) {
    text += "json/";
  }
  std::visit(Writer{text}, topic);
  return text;
}

std::optional<ParsedTopic> Topics::parse(std::string_view topic) const {
  if (!consume(topic, prefix_)) {
    return std::nullopt;
  }
  const Encoding encoding = consume(topic, "json/") ? Encoding::json : Encoding::protobuf;
  std::optional<Topic> parsed = parse_levels(split(topic), encoding);
  if (!parsed) {
    return std::nullopt;
  }
  return ParsedTopic{std::move(*parsed), encoding};
}

bool Topics::is_receipt_topic_of(std::string_view response_topic, const core::RecipientId& recipient) const {
  return consume(response_topic, of(ReceiptTopic{recipient})) &&
         (response_topic.empty() || response_topic.front() == '/') && !has_wildcard(response_topic) &&
         response_topic.find('\0') == std::string_view::npos;
}

std::vector<Filter> Topics::filters(const core::RecipientId& canary) const {
  std::vector<Filter> filters;
  const auto add = [&](std::string filter, bool no_local, bool required) {
    filters.push_back(Filter{std::move(filter), no_local, required});
  };
  for (const char* under : {"", "json/"}) {
    add("$share/tuanyuan/" + prefix_ + under + "acknowledgements/+", false, true);
    add("$share/tuanyuan/" + prefix_ + under + "sightings/+", false, true);
    add(prefix_ + under + "presence/+", false, true);
  }
  for (const char* own : {"notices/#", "direct/#", "photos/#", "json/notices/#", "json/direct/#"}) {
    add(prefix_ + own, true, true);
  }
  if (!canary.empty()) {
    add(prefix_ + "direct/" + canary.value + "/+", false, true);
    add(prefix_ + "acknowledgements/" + canary.value, false, true);
  }
  add(std::string(dropped_messages_topic), false, false);
  return filters;
}

}  // namespace tuanyuan::mqtt
