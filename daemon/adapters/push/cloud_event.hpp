#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/refusal.hpp"
#include "core/time.hpp"
#include "ports/channel.hpp"

namespace tuanyuan::push {

/// What a webhook says of itself beside its body: the context of a CloudEvent (CloudEvents 1.0, "Context
/// Attributes").
struct EventContext {
  std::string id;      ///< the webhook's id: with `source`, what a repetition is known by
  std::string source;  ///< which deployment, a URL
  std::string type;
  std::string subject;  ///< the alert
  core::Instant time;   ///< when the notice was issued, however often it is sent; 0: not known
};

/// "tuanyuan.v1.alert.released", and "updated", "closed", "retracted" likewise, by what the recipient is to do:
/// whom a wider circle reaches first gets a "released" too. Of an exercise "tuanyuan.v1.exercise.released" and so
/// on, so that nobody who asks for alerts by their type gets one (promise 5).
std::string event_type(const core::Delivery& delivery);

/// Refuses (invalid) a notice whose copy cannot be read. Whom the circle has left behind is told so without a
/// time.
core::Result<EventContext> event_context(const ports::Dispatch& dispatch, std::string id, std::string source);

/// Structured mode (CloudEvents JSON format): the context with `data`, which is JSON, in one object.
std::string structured_event(const EventContext& context, std::string_view data);

/// Binary mode (CloudEvents HTTP protocol binding, 3.1): the context as header fields, beside a body that stays as
/// it is. Whatever is not printable ASCII, and `"` and `%`, is percent-encoded.
std::vector<std::pair<std::string, std::string>> binary_event_fields(const EventContext& context);

}  // namespace tuanyuan::push
