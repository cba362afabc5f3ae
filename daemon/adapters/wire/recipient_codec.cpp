#include "adapters/wire/recipient_codec.hpp"

#include <string>
#include <utility>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/field_errors.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::wire {
namespace {

std::string indexed(const char* list, int index) {
  return std::string(list) + '[' + std::to_string(index) + ']';
}

void take_place(const v1::Recipient& message, core::Recipient& recipient, FieldErrors& errors) {
  const auto division = core::parse_division(message.division());
  if (!division) {
    errors.add("division", core::Text("须为六位行政区划代码（GB/T 2260）", "has to be six digits of GB/T 2260"));
  }
  recipient.division = division.value_or(core::Division{});
  if (message.has_latitude() || message.has_longitude()) {
    errors.need(message.has_latitude(), "latitude");
    errors.need(message.has_longitude(), "longitude");
    recipient.position = core::Position{message.latitude(), message.longitude()};
    errors.within(message.latitude(), 90, "latitude");
    errors.within(message.longitude(), 180, "longitude");
    recipient.crs = errors.known(from_proto(message.crs()), "crs");
  }
  for (int i = 0; i < message.coverage_size(); ++i) {
    if (auto prefix = core::parse_coverage(message.coverage(i))) {
      recipient.coverage.push_back(std::move(*prefix));
    } else {
      errors.add(indexed("coverage", i), core::Text("须为二、四或六位区划代码前缀，或 *",
                                                    "has to be two, four or six digits of GB/T 2260, or *"));
    }
  }
}

void take_endpoints(const v1::Recipient& message, core::Recipient& recipient, FieldErrors& errors) {
  for (int i = 0; i < message.endpoints_size(); ++i) {
    const v1::Endpoint& endpoint = message.endpoints(i);
    const auto channel = errors.known(from_proto(endpoint.channel()), indexed("endpoints", i) + ".channel");
    recipient.endpoints.push_back(core::Endpoint{channel, endpoint.address(), endpoint.secret()});
  }
}

}  // namespace

core::Result<core::Recipient> from_proto(const v1::Recipient& message) {
  FieldErrors errors;
  core::Recipient recipient;
  recipient.id = core::RecipientId(message.id());
  recipient.name = message.name();
  recipient.category = errors.known(from_proto(message.category()), "category");
  recipient.audience = errors.known(from_proto(message.audience()), "audience");
  take_place(message, recipient, errors);
  if (message.delivery() != v1::Recipient::DELIVERY_UNSPECIFIED) {
    recipient.delivery = errors.known(from_proto(message.delivery()), "delivery");
  }
  recipient.via = core::RecipientId(message.via());
  recipient.hours = message.hours();
  recipient.unit = core::RecipientId(message.unit());
  recipient.liaison = core::Liaison{message.liaison().post(), message.liaison().telephone()};
  recipient.languages.assign(message.languages().begin(), message.languages().end());
  take_endpoints(message, recipient, errors);
  return errors.result(std::move(recipient));
}

v1::Recipient to_proto(const core::Recipient& recipient) {
  v1::Recipient message;
  message.set_id(recipient.id.value);
  message.set_name(recipient.name);
  message.set_category(to_proto(recipient.category));
  message.set_audience(to_proto(recipient.audience));
  message.set_division(core::to_string(recipient.division));
  if (recipient.position) {
    message.set_latitude(recipient.position->latitude);
    message.set_longitude(recipient.position->longitude);
    message.set_crs(to_proto(recipient.crs));
  }
  for (const core::DivisionPrefix& prefix : recipient.coverage) {
    message.add_coverage(prefix.digits.empty() ? "*" : prefix.digits);
  }
  message.set_delivery(to_proto(recipient.delivery));
  if (!recipient.via.empty()) {
    message.set_via(recipient.via.value);
  }
  message.set_hours(recipient.hours);
  message.set_unit(recipient.unit.value);
  if (recipient.liaison != core::Liaison{}) {
    message.mutable_liaison()->set_post(recipient.liaison.post);
    message.mutable_liaison()->set_telephone(recipient.liaison.telephone);
  }
  for (const std::string& language : recipient.languages) {
    message.add_languages(language);
  }
  for (const core::Endpoint& endpoint : recipient.endpoints) {
    v1::Endpoint& added = *message.add_endpoints();
    added.set_channel(to_proto(endpoint.channel));
    added.set_address(endpoint.address);
    if (endpoint.retired_at != core::Instant{}) {
      *added.mutable_retired_at() = to_proto(endpoint.retired_at);
    }
  }
  return message;
}

}  // namespace tuanyuan::wire
