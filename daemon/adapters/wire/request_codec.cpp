#include <google/protobuf/util/field_mask_util.h>

#include <memory>
#include <string_view>
#include <utility>

#include "adapters/wire/enums.hpp"
#include "adapters/wire/field_errors.hpp"
#include "adapters/wire/json_names.hpp"
#include "adapters/wire/report_codec.hpp"
#include "adapters/wire/view_codec.hpp"
#include "core/field_checks.hpp"
#include "core/limits.hpp"
#include "core/reason.hpp"
#include "core/report_validation.hpp"

namespace tuanyuan::wire {
namespace {

using google::protobuf::util::FieldMaskUtil;

/// What may be asked of an update at once: a report has fewer fields than this.
constexpr int mask_paths_max = 64;

void take(const core::Result<void>& checked, FieldErrors& errors) {
  if (checked) {
    return;
  }
  for (const core::FieldError& error : checked.error().fields) {
    errors.add(error.path, error.message);
  }
}

void take_reason(std::string_view reason, bool required, FieldErrors& errors) {
  take(core::validate_reason(reason, required), errors);
}

template <class Request>
void take_targets(const Request& request, ports::ReleaseOptions& options, FieldErrors& errors) {
  core::AudienceSet audiences{core::Audience::police};
  for (int i = 0; i < request.audiences_size(); ++i) {
    audiences.insert(errors.known(from_proto(request.audiences(i)), "audiences[" + std::to_string(i) + ']'));
  }
  if (request.audiences_size() != 0) {
    options.audiences = audiences;
  }
  if (!request.has_radius_km()) {
    return;
  }
  options.radius_km = request.radius_km();
  if (!(request.radius_km() >= core::radius_km_min && request.radius_km() <= core::radius_km_max)) {
    const std::string least = std::to_string(static_cast<int>(core::radius_km_min));
    const std::string most = std::to_string(static_cast<int>(core::radius_km_max));
    errors.add("radiusKm", core::Text("须为 " + least + " 至 " + most + " 千米",
                                      "has to be " + least + " to " + most + " kilometres"));
  }
}

template <class Request>
core::Result<std::string> reason_of(const Request& request) {
  FieldErrors errors;
  take_reason(request.reason(), true, errors);
  return errors.result(std::string(request.reason()));
}

/// The library passes over empty parts of a path, so that `.exercise` would be `exercise` in disguise.
bool is_path(const std::string& path) {
  const bool has_empty_part =
      path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string::npos;
  return !has_empty_part && FieldMaskUtil::IsValidPath<v1::MissingChildReport>(path);
}

void take_mask(const v1::UpdateRequest& request, ports::UpdateOptions& options, FieldErrors& errors) {
  const auto& paths = request.update_mask().paths();
  if (paths.empty() || paths.size() > mask_paths_max) {
    errors.add("updateMask", core::Text("必填：要更改的字段路径，最多 64 项",
                                        "is required: the paths of the fields to be changed, at most 64"));
    return;
  }
  for (const std::string& path : paths) {
    if (!is_path(path)) {
      errors.add("updateMask", core::Text("含有报告中没有的字段路径", "names a field that no report has"));
      return;
    }
    if (path == "exercise") {
      // Promise 5: what began as an exercise never looks like the real thing, nor the other way round.
      errors.add("updateMask", core::Text("演练与实战不得互换",
                                          "must not turn an exercise into the real thing, "
                                          "nor the other way round"));
      return;
    }
    options.fields.push_back(to_camel(path));
  }
}

/// What the mask names is taken from the request, or cleared where the request has it not.
core::Result<core::Report> merge(const v1::UpdateRequest& request, const core::Report& in_force,
                                 core::Instant now) {
  v1::MissingChildReport merged = to_proto(in_force);
  FieldMaskUtil::MergeOptions how;
  how.set_replace_message_fields(true);
  how.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(request.report(), request.update_mask(), how, &merged);
  return core::validate(from_proto(merged), now);
}

}  // namespace

core::Result<ports::ReleaseOptions> from_proto(const v1::ReleaseRequest& request) {
  FieldErrors errors;
  ports::ReleaseOptions options;
  take_targets(request, options, errors);
  if (request.has_status()) {
    options.status = errors.known(from_proto(request.status()), "status");
  }
  options.preview_token = request.preview_token();
  if (request.duplicates_reviewed_size() != 0) {
    options.duplicates_reviewed.emplace();
    for (const std::string& id : request.duplicates_reviewed()) {
      options.duplicates_reviewed->emplace_back(id);
    }
  }
  options.wake = request.wake();
  options.plate_open = request.plate_open();
  options.break_glass = request.break_glass();
  options.reason = request.reason();
  take_reason(options.reason, options.break_glass, errors);
  return errors.result(std::move(options));
}

core::Result<ports::ReleaseOptions> from_proto(const v1::PreviewRequest& request) {
  FieldErrors errors;
  ports::ReleaseOptions options;
  take_targets(request, options, errors);
  options.plate_open = request.plate_open();
  return errors.result(std::move(options));
}

core::Result<std::string> from_proto(const v1::RejectRequest& request) {
  return reason_of(request);
}

core::Result<std::string> from_proto(const v1::RetractRequest& request) {
  return reason_of(request);
}

core::Result<ports::CircleOptions> from_proto(const v1::CircleRequest& request) {
  FieldErrors errors;
  ports::CircleOptions options;
  options.hold = request.hold();
  options.advance = request.advance();
  if (request.has_radius_km()) {
    options.radius_km = request.radius_km();
  }
  if (request.has_centre()) {
    const v1::Position& centre = request.centre();
    const core::Crs crs = errors.known(from_proto(centre.crs()), "centre.crs");
    const core::Position given = from_proto(centre);
    core::FieldChecks checks;
    checks.position("centre", given);
    if (checks.empty()) {
      options.centre = core::to_wgs84(given, crs);
    }
    for (const core::FieldError& error : checks.take()) {
      errors.add(error.path, error.message);
    }
  }
  options.reason = request.reason();
  take_reason(options.reason, true, errors);
  return errors.result(std::move(options));
}

core::Result<ports::SuspendOptions> from_proto(const v1::SuspendRequest& request) {
  FieldErrors errors;
  ports::SuspendOptions options;
  for (int i = 0; i < request.audiences_size(); ++i) {
    options.audiences.insert(
        errors.known(from_proto(request.audiences(i)), "audiences[" + std::to_string(i) + ']'));
  }
  errors.need(v1::SuspendRequest::Reason_IsValid(request.reason()), "reason");
  options.reason = static_cast<core::SuspendReason>(request.reason());
  options.note = request.note();
  take(core::validate_note(options.note), errors);
  return errors.result(std::move(options));
}

core::Result<ports::CloseOptions> from_proto(const v1::CloseRequest& request) {
  FieldErrors errors;
  ports::CloseOptions options;
  errors.need(v1::AlertAnswer::Outcome_IsValid(request.outcome()) && request.outcome() != 0, "outcome");
  errors.need(v1::AlertAnswer::Cause_IsValid(request.cause()) && request.cause() != 0, "cause");
  take_reason(request.reason(), false, errors);
  options.outcome = static_cast<core::Outcome>(request.outcome());
  options.cause = static_cast<core::Cause>(request.cause());
  options.reason = request.reason();
  return errors.result(std::move(options));
}

core::Result<ports::AssessOptions> from_proto(const v1::AssessRequest& request) {
  FieldErrors errors;
  ports::AssessOptions options;
  options.assessment = errors.known(from_proto(request.assessment()), "assessment");
  take(core::validate_note(request.note()), errors);
  options.note = request.note();
  if (request.assessment() == v1::SightingRecord::UNASSESSED) {
    errors.add("assessment", core::Text("须为 CREDIBLE、NOT_CREDIBLE 或 CONFIRMED",
                                        "has to be CREDIBLE, NOT_CREDIBLE or CONFIRMED"));
  }
  return errors.result(std::move(options));
}

core::Result<ports::UpdateOptions> from_proto(const v1::UpdateRequest& request) {
  FieldErrors errors;
  ports::UpdateOptions options;
  take_mask(request, options, errors);
  take_reason(request.reason(), false, errors);
  options.reason = request.reason();
  options.expected_revision = request.expected_revision();
  // The desk merges once for each attempt to commit, so the request is shared, not copied each time.
  const auto kept = std::make_shared<const v1::UpdateRequest>(request);
  options.merge = [kept](const core::Report& in_force, core::Instant now) { return merge(*kept, in_force, now); };
  return errors.result(std::move(options));
}

}  // namespace tuanyuan::wire
