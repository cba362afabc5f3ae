// Messages from outside, in either encoding, as the rules' own types and back. What is taken is within the range
// that the contract gives it, and is the same after it went over the wire again; what is refused says where.
#include <cmath>
#include <string>

#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "adapters/wire/recipient_codec.hpp"
#include "adapters/wire/report_codec.hpp"
#include "adapters/wire/view_codec.hpp"
#include "core/limits.hpp"
#include "core/recipient_validation.hpp"
#include "core/report_validation.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

constexpr core::Instant now = core::Instant(std::chrono::sys_days{std::chrono::year{2026} / 11 / 3});

/// The message that the bytes are, as MQTT and HTTP tell the encodings apart.
template <class Message>
std::optional<Message> read(std::string_view bytes) {
  Message message;
  const bool taken = bytes.starts_with('{') ? wire::decode_json(bytes, message).has_value()
                                            : message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return taken ? std::optional<Message>(std::move(message)) : std::nullopt;
}

void refused(const core::Refusal& refusal) {
  require(refusal.code == core::Errc::invalid && !refusal.fields.empty());
  for (const core::FieldError& field : refusal.fields) {
    require(!field.path.empty() && !field.message.zh.empty() && !field.message.en.empty());
  }
}

void in_range(core::Position position) {
  require(std::abs(position.latitude) <= 90 && std::abs(position.longitude) <= 180);
}

/// What was taken is written as a message that is taken again and written the same.
template <class Message>
void there_and_back(std::string_view bytes) {
  const auto message = read<Message>(bytes);
  if (!message) {
    return;
  }
  const auto taken = wire::from_proto(*message);
  if (!taken) {
    refused(taken.error());
    return;
  }
  const Message written = wire::to_proto(*taken);
  const auto again = wire::from_proto(written);
  require(again.has_value());
  require(wire::to_proto(*again).SerializeAsString() == written.SerializeAsString());
  const auto by_json = read<Message>(wire::encode_json(written));
  require(by_json && by_json->SerializeAsString() == written.SerializeAsString());
}

void sighting(std::string_view bytes) {
  const auto message = read<v1::Sighting>(bytes);
  const auto taken = message ? wire::from_proto(*message) : core::Refusal(core::Errc::malformed);
  if (taken && taken->position) {
    in_range(*taken->position);
  }
}

void report(std::string_view bytes) {
  const auto message = read<v1::MissingChildReport>(bytes);
  if (!message) {
    return;
  }
  const core::Result<core::Report> taken = core::validate(wire::from_proto(*message), now);
  if (!taken) {
    refused(taken.error());
    return;
  }
  const auto age = core::age_when_last_seen(*taken);
  require(age && *age <= core::child_age_years_max);
  require(taken->last_seen.time <= now + std::chrono::minutes(core::clock_skew_minutes_max));
  require(static_cast<bool>(taken->last_seen.division));
  if (taken->last_seen.position) {
    in_range(*taken->last_seen.position);
    in_range(core::to_wgs84(*taken->last_seen.position, taken->last_seen.crs));
  }
  const core::Result<core::Report> again = core::validate(wire::from_proto(wire::to_proto(*taken)), now);
  require(again && *again == *taken);
}

void recipient(std::string_view bytes) {
  const auto message = read<v1::Recipient>(bytes);
  const auto taken = message ? wire::from_proto(*message) : core::Refusal(core::Errc::malformed);
  if (!taken || !core::validate(*taken)) {
    return;
  }
  require(taken->position || !taken->coverage.empty());
  if (taken->position) {
    in_range(*taken->position);
  }
  core::Recipient readable = *taken;  // secrets are write-only
  for (core::Endpoint& endpoint : readable.endpoints) {
    endpoint.secret.clear();
  }
  const auto again = wire::from_proto(wire::to_proto(*taken));
  require(again && *again == readable);
}

void notice(std::string_view bytes) {
  const auto message = read<v1::Notice>(bytes);
  const auto taken = message ? wire::from_proto(*message) : std::nullopt;
  if (taken) {
    const std::string written = wire::serialize(wire::to_proto(*taken));
    const auto again = read<v1::Notice>(written);
    require(again && wire::from_proto(*again).has_value());
    require(wire::serialize(wire::to_proto(*wire::from_proto(*again))) == written);
  }
}

void request(std::string_view bytes) {
  if (const auto message = read<v1::ReleaseRequest>(bytes)) {
    const auto options = wire::from_proto(*message);
    require(!options || !options->audiences || options->audiences->contains(core::Audience::police));
    require(!options || !options->radius_km ||
            (*options->radius_km >= core::radius_km_min && *options->radius_km <= core::radius_km_max));
  }
  if (const auto message = read<v1::CloseRequest>(bytes)) {
    const auto options = wire::from_proto(*message);
    require(!options || (options->outcome != core::Outcome::none && options->cause != core::Cause::none));
  }
  if (const auto message = read<v1::AssessRequest>(bytes)) {
    const auto assessment = wire::from_proto(*message);
    require(!assessment || assessment->assessment != core::Assessment::unassessed);
  }
  if (const auto message = read<v1::RejectRequest>(bytes)) {
    const auto reason = wire::from_proto(*message);
    require(!reason || !reason->empty());
  }
}

core::Report in_force() {
  core::Report report;
  report.incident_number = "20261103-1";
  report.reporting_unit = "210102000000";
  report.exercise = true;
  report.child.age_years = 6;
  report.last_seen.time = now - std::chrono::hours(1);
  report.last_seen.division = core::Division{210102};
  report.contact.phone = "110";
  return report;
}

/// Whatever an update asks for, the report stays one, and an exercise an exercise (promise 5).
void update(std::string_view bytes) {
  const auto message = read<v1::UpdateRequest>(bytes);
  const auto options = message ? wire::from_proto(*message) : core::Refusal(core::Errc::malformed);
  if (!options) {
    return;
  }
  const core::Result<core::Report> merged = options->merge(in_force(), now);
  require(!merged || (merged->exercise && core::validate(*merged, now).has_value()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  there_and_back<v1::Acknowledgement>(bytes);
  there_and_back<v1::Sighting>(bytes);
  there_and_back<v1::Receipt>(bytes);
  sighting(bytes);
  report(bytes);
  recipient(bytes);
  notice(bytes);
  request(bytes);
  update(bytes);
  return 0;
}
