#include "adapters/push/cloud_event.hpp"

#include <chrono>

#include "adapters/push/digests.hpp"
#include "adapters/push/rest_channel.hpp"
#include "adapters/push/words.hpp"
#include "adapters/wire/json_time.hpp"

namespace tuanyuan::push {
namespace {

constexpr std::string_view spec_version = "1.0";

std::string_view what_happened(const core::Delivery& delivery) {
  if (delivery.parcel == core::Parcel::notice_clear) {
    return "closed";
  }
  switch (delivery.kind) {
    case core::NoticeKind::alert:
      return "released";
    case core::NoticeKind::update:
      return "updated";
    case core::NoticeKind::close:
      return "closed";
    case core::NoticeKind::retract:
      break;
  }
  return "retracted";
}

/// RFC 3339, as the notice itself has it.
std::string timestamp(core::Instant time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds);
  std::string text;
  wire::append_timestamp({seconds.count(), static_cast<std::int32_t>(rest.count())}, text);
  return text;
}

std::string field_value(std::string_view text) {
  constexpr char first_printable = 0x21;
  constexpr char last_printable = 0x7E;
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = c >= first_printable && c <= last_printable && c != '"' && c != '%';
    encoded += is_plain ? std::string(1, c) : percent_encoded(std::string_view(&c, 1));
  }
  return encoded;
}

/// All but the version and the type of the data, by their names.
std::vector<std::pair<std::string_view, std::string>> attributes(const EventContext& context) {
  std::vector<std::pair<std::string_view, std::string>> all = {
      {"id", context.id}, {"source", context.source}, {"type", context.type}, {"subject", context.subject}};
  if (context.time != core::Instant{}) {
    all.emplace_back("time", timestamp(context.time));
  }
  return all;
}

}  // namespace

std::string event_type(const core::Delivery& delivery) {
  const bool is_meant = delivery.status == core::Status::actual;
  return std::string(is_meant ? "tuanyuan.v1.alert." : "tuanyuan.v1.exercise.") +
         std::string(what_happened(delivery));
}

core::Result<EventContext> event_context(const ports::Dispatch& dispatch, std::string id, std::string source) {
  const core::Result<core::Notice> notice = notice_of(dispatch);
  if (!notice) {
    return notice.error();
  }
  EventContext context;
  context.id = std::move(id);
  context.source = std::move(source);
  context.type = event_type(dispatch.delivery);
  context.subject = dispatch.delivery.alert_id.value;
  context.time = notice->issued_at;
  return context;
}

std::string structured_event(const EventContext& context, std::string_view data) {
  std::string event = "{";
  append_member("specversion", spec_version, event);
  for (const auto& [name, value] : attributes(context)) {
    append_member(name, value, event);
  }
  append_member("datacontenttype", "application/json", event);
  event += R"(,"data":)";
  event += data;
  event += '}';
  return event;
}

std::vector<std::pair<std::string, std::string>> binary_event_fields(const EventContext& context) {
  std::vector<std::pair<std::string, std::string>> fields;
  fields.emplace_back("ce-specversion", spec_version);
  for (const auto& [name, value] : attributes(context)) {
    fields.emplace_back("ce-" + std::string(name), field_value(value));
  }
  return fields;
}

}  // namespace tuanyuan::push
