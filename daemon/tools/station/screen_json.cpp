#include "tools/station/screen_json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <utility>

#include "core/identifiers.hpp"
#include "tools/station/printing_display.hpp"

namespace tuanyuan::station {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 4;
/// What a JavaScript number holds exactly.
constexpr std::int64_t serial_max = (std::int64_t{1} << 53) - 1;

json::array answers_of(const Showing& showing) {
  json::array answers;
  for (const core::AnswerKind kind : showing.answered) {
    answers.emplace_back(core::to_string(kind));
  }
  return answers;
}

json::object showing_json(const Showing& showing, const PublicCopies& copies) {
  const core::Notice& notice = *showing.notice;
  const json::object whole = notice_json(notice);
  json::object one;
  for (const char* name : {"alertId", "revision", "step", "kind", "status", "audience", "issuedAt", "expiresAt",
                           "texts", "contact"}) {
    const json::value* value = whole.if_contains(name);
    one[name] = value == nullptr ? json::value(nullptr) : *value;
  }
  one["hasPhoto"] = showing.photo != nullptr;
  one["photo"] = showing.photo == nullptr ? json::value(nullptr) : json::value("photos/" + photo_name(notice));
  const std::string copy = public_copy_of(notice, copies);
  one["publicCopy"] = copy.empty() ? json::value(nullptr) : json::value(copy);
  one["code"] = copy.empty() ? json::value(nullptr) : json::value("codes/" + notice.alert_id.value + ".svg");
  one["answered"] = answers_of(showing);
  return one;
}

/// An object with these members and no others.
const json::object* object_of(const json::value& value, std::initializer_list<std::string_view> names) {
  const json::object* object = value.if_object();
  const bool known = object != nullptr && std::all_of(object->begin(), object->end(), [&](const auto& member) {
                       return std::find(names.begin(), names.end(), std::string_view(member.key())) != names.end();
                     });
  return known ? object : nullptr;
}

std::optional<std::string> text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string())) : std::nullopt;
}

std::optional<std::int64_t> number(const json::object& object, std::string_view name, std::int64_t most) {
  const json::value* value = object.if_contains(name);
  const std::int64_t* whole = value == nullptr ? nullptr : value->if_int64();
  return whole != nullptr && *whole >= 0 && *whole <= most ? std::optional(*whole) : std::nullopt;
}

/// Absent is false.
std::optional<bool> flag(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) {
    return false;
  }
  return value->is_bool() ? std::optional(value->get_bool()) : std::nullopt;
}

std::optional<std::string> page_of(const json::object& object) {
  auto name = text(object, "page");
  return name && core::is_recipient_id(*name) ? name : std::nullopt;
}

std::optional<core::AlertId> alert_of(const json::object& object) {
  const auto id = text(object, "alertId");
  return id && core::is_recipient_id(*id) ? std::optional(core::AlertId(*id)) : std::nullopt;
}

std::optional<std::uint32_t> revision_of(const json::object& object) {
  const auto revision = number(object, "revision", std::numeric_limits<std::uint32_t>::max());
  return revision ? std::optional(static_cast<std::uint32_t>(*revision)) : std::nullopt;
}

std::optional<Held> held_of(const json::value& value) {
  const json::object* object = object_of(value, {"alertId", "revision", "painted"});
  if (object == nullptr) {
    return std::nullopt;
  }
  auto alert = alert_of(*object);
  const auto revision = revision_of(*object);
  const auto painted = flag(*object, "painted");
  if (!alert || !revision || !painted) {
    return std::nullopt;
  }
  return Held{std::move(*alert), *revision, *painted};
}

std::optional<json::value> parse(std::string_view body) {
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error, {}, options);
  return error ? std::nullopt : std::optional(std::move(value));
}

}  // namespace

std::string photo_name(const core::Notice& notice) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name;
  for (const char octet : notice.photo ? notice.photo->sha256 : std::string()) {
    name += digits[static_cast<unsigned char>(octet) >> 4];
    name += digits[static_cast<unsigned char>(octet) & 15];
  }
  return name;
}

std::string current_json(const Screen& screen, const PublicCopies& copies, core::Instant now) {
  json::array notices;
  for (const Showing* showing : screen.showing()) {
    notices.push_back(showing_json(*showing, copies));
  }
  const json::object current{{"station", {{"recipientId", screen.recipient().value}, {"name", screen.name()}}},
                             {"now", core::to_epoch_ms(now)},
                             {"serial", screen.serial()},
                             {"settled", screen.is_settled()},
                             {"notices", std::move(notices)}};
  return json::serialize(current);
}

std::optional<PageAccount> parse_account(std::string_view body) {
  const auto value = parse(body);
  const json::object* object = value ? object_of(*value, {"page", "serial", "holds", "closed"}) : nullptr;
  if (object == nullptr) {
    return std::nullopt;
  }
  auto page = page_of(*object);
  const auto serial = number(*object, "serial", serial_max);
  const auto closed = flag(*object, "closed");
  const json::value* holds = object->if_contains("holds");
  if (!page || !serial || !closed || holds == nullptr || !holds->is_array() ||
      holds->get_array().size() > held_notices_max) {
    return std::nullopt;
  }
  PageAccount account{std::move(*page), static_cast<std::uint64_t>(*serial), {}, *closed};
  for (const json::value& one : holds->get_array()) {
    auto held = held_of(one);
    if (!held) {
      return std::nullopt;
    }
    account.holds.push_back(std::move(*held));
  }
  return account;
}

std::optional<PersonsAnswer> parse_answer(std::string_view body) {
  const auto value = parse(body);
  const json::object* object =
      value ? object_of(*value, {"page", "alertId", "revision", "kind", "reason"}) : nullptr;
  if (object == nullptr) {
    return std::nullopt;
  }
  auto page = page_of(*object);
  auto alert = alert_of(*object);
  const auto revision = revision_of(*object);
  const auto kind = core::parse_answer_kind(text(*object, "kind").value_or(""));
  const bool is_unable = kind == core::AnswerKind::unable;
  const auto reason = core::parse_unable_reason(text(*object, "reason").value_or(""));
  const bool is_a_persons = is_unable || kind == core::AnswerKind::confirmed || kind == core::AnswerKind::acting;
  if (!page || !alert || !revision || !is_a_persons || is_unable != object->contains("reason") ||
      (is_unable && (!reason || *reason == core::UnableReason::none))) {
    return std::nullopt;
  }
  return PersonsAnswer{std::move(*page), std::move(*alert), *revision, *kind,
                       is_unable ? *reason : core::UnableReason::none};
}

}  // namespace tuanyuan::station
