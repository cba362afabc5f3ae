#include "engine/composing.hpp"

#include "core/copies.hpp"
#include "core/wanted.hpp"

namespace tuanyuan::engine {
namespace {

std::optional<core::PhotoReference> reference_to(const World& world, const Content& content) {
  if (!content.photo) {
    return std::nullopt;
  }
  core::PhotoReference reference;
  reference.sha256 = world.tools.vault.digest(content.photo->data);
  reference.media_type = content.photo->media_type;
  reference.size_bytes = static_cast<std::uint32_t>(content.photo->data.size());
  reference.url = world.settings.api_base + "/alerts/" + content.alert_id.value + "/photo";
  return reference;
}

}  // namespace

Issues Issues::next_steps(const core::CaseState& state) {
  Issues issues(state.showing(), Issue());
  for (core::Audience audience : core::all_audiences) {
    Issue& issue = issues.by_audience_[static_cast<std::size_t>(audience)];
    issue.version = core::next_step(state, audience);
    issue.kind = state.copy(audience).kind;
  }
  return issues;
}

std::vector<core::Notice> compose_content(const World& world, const Content& content) {
  core::CopyInput input;
  input.alert_id = content.alert_id;
  input.status = content.status;
  input.issued_at = content.issued_at;
  input.expires_at = content.expires_at;
  input.issuer = content.issuer;
  input.circle = content.circle;
  input.divisions = content.divisions;
  input.photo = reference_to(world, content);
  input.plate_open = content.plate_open;
  std::vector<core::Notice> copies;
  for (core::Audience audience : core::all_audiences) {
    if (content.issues.audiences().contains(audience)) {
      input.audience = audience;
      input.version = content.issues.of(audience).version;
      input.kind = content.issues.of(audience).kind;
      input.wanted = core::wanted_of_alert(world.settings.chase, audience);
      copies.push_back(core::compose(input, content.report, world.settings.texts));
    }
  }
  return copies;
}

std::vector<core::Notice> compose_recall(const World& world, const core::CaseState& state, const Issues& issues,
                                         const std::string& issuer, core::Instant issued_at,
                                         core::Instant expires_at) {
  core::CopyInput input;
  input.alert_id = state.alert_id;
  input.status = state.status;
  input.issued_at = issued_at;
  input.expires_at = expires_at;
  input.issuer = issuer;
  std::vector<core::Notice> copies;
  for (core::Audience audience : core::all_audiences) {
    if (issues.audiences().contains(audience)) {
      input.audience = audience;
      input.version = issues.of(audience).version;
      input.kind = issues.of(audience).kind;
      input.wanted = core::wanted_of_recall(world.settings.chase, audience);
      copies.push_back(core::compose_recall(input, world.settings.texts));
    }
  }
  return copies;
}

}  // namespace tuanyuan::engine
