#include <algorithm>
#include <utility>

#include "core/authority.hpp"
#include "core/limits.hpp"
#include "core/report_validation.hpp"
#include "core/targeting.hpp"
#include "engine/bytes.hpp"
#include "engine/case_service.hpp"
#include "engine/composing.hpp"
#include "engine/forecasts.hpp"
#include "engine/ordinals.hpp"
#include "engine/outbox.hpp"
#include "engine/readiness.hpp"
#include "engine/tallies.hpp"

namespace tuanyuan::engine {
namespace {

core::Refusal wrong_field(std::string path, std::string zh, std::string en) {
  std::vector<core::FieldError> fields;
  fields.emplace_back(std::move(path), core::Text(std::move(zh), std::move(en)));
  return core::Refusal(std::move(fields));
}

/// The audiences of a release: those asked for, or the configured ones; always the police; the public never
/// hears an exercise unless the deployment says so (contract, section 3).
core::Result<core::AudienceSet> audiences_of(const Settings& settings, core::Status status,
                                             const ports::ReleaseOptions& options) {
  const bool drill_for_all = status == core::Status::actual || settings.exercises_reach_public;
  core::AudienceSet audiences = options.audiences.value_or(settings.audiences);
  if (audiences.contains(core::Audience::public_) && !drill_for_all) {
    if (options.audiences) {
      return wrong_field("audiences", "演练不得面向公众发布", "an exercise must not reach the public");
    }
    audiences.erase(core::Audience::public_);
  }
  audiences.insert(core::Audience::police);
  return audiences;
}

bool reviewed_all(const std::vector<core::ReportId>& linked, const ports::ReleaseOptions& options) {
  if (linked.empty()) {
    return true;
  }
  if (!options.duplicates_reviewed) {
    return false;
  }
  const auto& seen = *options.duplicates_reviewed;
  return std::all_of(linked.begin(), linked.end(), [&seen](const core::ReportId& id) {
    return std::find(seen.begin(), seen.end(), id) != seen.end();
  });
}

Issues first_issue(core::AudienceSet audiences) {
  return Issues(audiences, Issue{core::Version{1, 0}, core::NoticeKind::alert});
}

core::ReleaseReport command_of(const ports::ReleaseOptions& options, const core::Circle& circle,
                               const Content& content) {
  core::ReleaseReport command;
  command.status = options.status;
  command.released.audiences = content.issues.audiences();
  command.released.radius_km = circle.radius_km;
  command.released.radius_chosen = options.radius_km.has_value();
  command.released.wake = options.wake;
  command.released.plate_open = options.plate_open;
  command.released.break_glass = options.break_glass;
  command.released.divisions = content.divisions;
  command.released.expires_at = content.expires_at;
  return command;
}

}  // namespace

core::Result<void> CaseService::may_release(const core::Caller& caller, const CaseFile& file,
                                            const ports::ReleaseOptions& options, core::Instant now) const {
  if (core::Result<void> may =
          core::may_release(world_.settings.release, caller, file.state, options.break_glass, now);
      !may) {
    return may;
  }
  core::ReleaseReport wanted;
  wanted.status = options.status;
  if (auto possible = core::decide(file.state, wanted); !possible) {
    return possible.error();
  }
  if (!reviewed_all(world_.cases.linked(file), options)) {
    return core::Refusal(core::Errc::duplicate_report);
  }
  return core::validate_reason(options.reason, options.break_glass);
}

core::Result<core::Circle> circle_of(const World& world, const core::Report& report, double radius_km) {
  core::Circle circle;
  circle.radius_km = radius_km;
  if (report.last_seen.position) {
    circle.centre = core::to_wgs84(*report.last_seen.position, report.last_seen.crs);
    return circle;
  }
  const std::optional<core::Position> middle = world.directory.middle_of(report.last_seen.division);
  if (!middle) {
    return wrong_field("lastSeen.position", "该行政区内没有已登记位置的接收单位，须给出走失位置",
                       "no recipient of this division has a position, so the position is needed");
  }
  circle.centre = *middle;
  circle.approximate = true;
  return circle;
}

CaseService::Answer<CaseService::Plan> CaseService::plan_release(CaseFile& file,
                                                                 const ports::ReleaseOptions& options,
                                                                 core::Instant now) {
  core::Result<core::Report> report = co_await documents_.report(file, file.state.documents);
  if (!report) {
    co_return report.error();
  }
  Plan plan;
  plan.report = std::move(*report);
  core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(file);
  if (photo) {
    plan.photo = *photo;
  } else if (photo.error().code != core::Errc::not_found) {
    co_return photo.error();
  }
  // From here on nothing is waited for: a preview's token names the directory that this is reckoned on.
  core::Result<core::AudienceSet> audiences = audiences_of(world_.settings, file.state.status, options);
  if (!audiences) {
    co_return audiences.error();
  }
  plan.audiences = *audiences;
  const auto fits = [](double km) { return km >= core::radius_km_min && km <= core::radius_km_max; };
  if (options.radius_km && !fits(*options.radius_km)) {  // what is no number fits nowhere
    co_return wrong_field("radiusKm", "半径须在 1 至 2000 千米之间", "the radius has to be between 1 and 2000 km");
  }
  const double radius_km =
      options.radius_km.value_or(core::radius_km_at(world_.settings.rings, file.state.last_seen_at, now));
  core::Result<core::Circle> circle = circle_of(world_, plan.report, radius_km);
  if (!circle) {
    co_return circle.error();
  }
  plan.circle = *circle;
  plan.targets = core::target(world_.directory, plan.circle, file.state.division, plan.audiences);
  co_return std::move(plan);
}

std::string CaseService::preview_token(const CaseFile& file, const Plan& plan, bool plate_open) const {
  std::string state = file.state.alert_id.value + "|" + std::to_string(file.state.entries) + "|" +
                      std::to_string(world_.directory.generation()) + "|" + std::to_string(plan.circle.radius_km) +
                      (plate_open ? "|plate" : "|");
  for (const core::Audience audience : core::all_audiences) {
    if (plan.audiences.contains(audience)) {
      state.append("|").append(core::topic_name(audience));
    }
  }
  return to_hex(world_.tools.vault.keyed_digest(state)).substr(0, 32);
}

CaseService::Answer<ports::PreviewView> CaseService::preview(core::Caller caller, core::ReportId id,
                                                             ports::ReleaseOptions options) {
  core::Result<CaseFile*> found = visible(caller, world_.cases.find(id));
  if (!found) {
    co_return found.error();
  }
  CaseFile& file = **found;
  const core::Instant now = world_.tools.clock.wall_now();
  core::Result<std::vector<core::EntryBody>> possible = core::decide(file.state, core::ReleaseReport{});
  if (!possible) {
    co_return possible.error();
  }
  core::Result<Plan> planned = co_await plan_release(file, options, now);
  if (!planned) {
    co_return planned.error();
  }
  const Plan& plan = *planned;
  ports::PreviewView view;
  view.circle = plan.circle;
  view.divisions = plan.targets.divisions;
  view.expected = static_cast<std::uint32_t>(plan.targets.expected.cardinality());
  for (std::size_t index = 0; index < core::category_count; ++index) {
    const auto category = static_cast<core::Category>(index);
    const std::uint64_t count = plan.targets.expected.and_cardinality(world_.directory.of_category(category));
    if (count > 0) {
      view.by_category.emplace(core::to_string(category), static_cast<std::uint32_t>(count));
    }
  }
  view.duplicates = world_.cases.linked(file);
  view.missing = core::helpful_but_missing(plan.report, plan.photo != nullptr);
  Content content = content_of(caller.unit, file, plan, first_issue(plan.audiences), now);
  content.plate_open = options.plate_open;
  view.copies = compose_content(world_, content);
  view.preview_token = preview_token(file, plan, options.plate_open);
  auto forecasting = forecast_of(world_, rows_by_channel(world_, mailing_after(file, content, plan.targets)));
  core::Result<core::Forecast> forecast = co_await std::move(forecasting);
  if (forecast) {
    view.forecast = std::move(*forecast);
  }

  const core::RecipientSet alone = co_await left_alone(world_);
  const core::RecipientSet unreachable = plan.targets.expected - reachable(world_, alone);
  view.unreachable_total = static_cast<std::uint32_t>(unreachable.cardinality());
  core::Result<std::vector<ports::UnreachableRecipient>> named =
      co_await name_unreachable(world_, first_of(unreachable, core::board_silent_rows_max));
  if (!named) {
    co_return named.error();
  }
  view.unreachable = std::move(*named);
  co_return std::move(view);
}

Content CaseService::content_of(const std::string& issuer, const CaseFile& file, const Plan& plan, Issues issues,
                                core::Instant now) const {
  Content content;
  content.alert_id = file.state.alert_id;
  content.issues = issues;
  content.status = file.state.status;
  content.issuer = issuer;
  content.issued_at = now;
  content.expires_at = now + world_.settings.display.shown;
  content.report = plan.report;
  content.circle = plan.circle;
  content.divisions = plan.targets.divisions;
  content.photo = plan.photo;
  content.plate_open = file.state.plate_open;
  return content;
}

CaseService::Attempt<ports::AlertView> CaseService::try_release(core::Caller caller, core::ReportId id,
                                                                ports::ReleaseOptions options,
                                                                ports::Idempotency once) {
  core::Result<Opened> opened = co_await open_report(caller, id, once);
  if (!opened) {
    co_return opened.error();
  }
  if (opened->repeated) {
    co_return answered(co_await replayed_alert(std::move(*opened->repeated)));
  }
  CaseFile& file = *opened->file;
  const core::Instant now = world_.tools.clock.wall_now();
  if (core::Result<void> may = may_release(caller, file, options, now); !may) {
    co_return may.error();
  }
  core::Result<Plan> planned = co_await plan_release(file, options, now);
  if (!planned) {
    co_return planned.error();
  }
  core::Result<void> loaded = co_await load_tally(world_, documents_, file);
  if (!loaded) {
    co_return loaded.error();
  }
  if (file.state.entries != opened->entries) {
    co_return std::optional<ports::AlertView>();  // as Decision::overtaken: a token is of the case as it was
  }
  if (!options.preview_token.empty() &&
      options.preview_token != preview_token(file, *planned, options.plate_open)) {
    co_return core::Refusal(core::Errc::stale_preview);
  }
  if (!reviewed_all(world_.cases.linked(file), options)) {
    co_return core::Refusal(core::Errc::duplicate_report);  // it came while all that was read
  }
  core::Result<Decision> begun = co_await begin(caller, *opened, options.reason, std::move(once));
  if (!begun) {
    co_return begun.error();
  }
  Attempt<ports::AlertView> issuing = issue(std::move(*begun), std::move(*planned), std::move(options));
  co_return co_await std::move(issuing);
}

CaseService::Attempt<ports::AlertView> CaseService::issue(Decision decision, Plan plan,
                                                          ports::ReleaseOptions options) {
  CaseFile& file = decision.file;
  if (decision.overtaken()) {
    co_return std::optional<ports::AlertView>();
  }
  Content content = content_of(decision.issuer, file, plan, first_issue(plan.audiences), decision.now);
  content.plate_open = options.plate_open;
  core::Result<std::string> digest = publish_copies(decision, compose_content(world_, content));
  if (!digest) {
    co_return digest.error();
  }
  core::ReleaseReport command = command_of(options, plan.circle, content);
  command.released.copies_digest = std::move(*digest);
  core::Result<std::vector<core::EntryBody>> decided = core::decide(file.state, command);
  if (!decided) {
    co_return decided.error();
  }
  Mailing mailing = mailing_after(file, content, plan.targets);
  core::RecipientSet newly = plan.targets.expected - file.tally.expected();  // some had the lookout
  co_return co_await conclude(std::move(decision), std::move(*decided), std::move(mailing), std::move(newly));
}

CaseService::Answer<ports::AlertView> CaseService::release(core::Caller caller, core::ReportId id,
                                                           ports::ReleaseOptions options,
                                                           ports::Idempotency once) {
  if (!caller.roles.contains(core::Role::releaser)) {
    co_return core::Refusal(core::Errc::forbidden);
  }
  auto attempt = [&] { return try_release(caller, id, options, once); };
  co_return co_await until_decided<ports::AlertView>(attempt);
}

CaseService::Answer<ports::AlertView> CaseService::replayed_alert(ports::IdempotencyRecord record) {
  CaseFile* file = world_.cases.find(core::AlertId(record.subject));
  if (file == nullptr) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  core::Result<core::CaseState> state = co_await state_at(file->state.alert_id, record.entries);
  if (!state) {
    co_return state.error();
  }
  core::CaseState then = std::move(*state);
  co_return co_await alert_view(*file, std::move(then), who_decided, record.recorded_at);
}

}  // namespace tuanyuan::engine
