#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/reason.hpp"
#include "core/targeting.hpp"
#include "engine/composing.hpp"
#include "engine/documents.hpp"
#include "engine/outbox.hpp"
#include "engine/reader.hpp"
#include "engine/world.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::engine {

/// How many times a decision is taken anew when another one was committed in between.
inline constexpr int decision_attempts_max = 5;

/// Carries out what command centres and officers decide: looks up what the rules need, asks them, commits
/// what they say, and only then answers. Its parts: intake.cpp (submit, lookout, reject), release.cpp (preview,
/// release), revise.cpp (update), circle.cpp (widen, hold, set, renew), recall.cpp (suspend, close, retract,
/// clear), resume.cpp, exercise_case.cpp (the daemon's own exercises), case_reads.cpp.
class CaseService final : public ports::CaseDesk {
 public:
  explicit CaseService(World& world) : world_(world), documents_(world) {}

  Answer<ports::ReportView> submit(core::Caller caller, core::ReportDraft draft, ports::Idempotency once) override;
  Answer<ports::ReportView> report(core::Caller caller, core::ReportId id) override;
  Answer<ports::Listed<ports::ReportView>> reports(core::Caller caller, ports::ReportFilter filter,
                                                   ports::Page page) override;
  Answer<ports::PreviewView> preview(core::Caller caller, core::ReportId id,
                                     ports::ReleaseOptions options) override;
  Answer<ports::AlertView> release(core::Caller caller, core::ReportId id, ports::ReleaseOptions options,
                                   ports::Idempotency once) override;
  Answer<ports::ReportView> reject(core::Caller caller, core::ReportId id, std::string reason,
                                   ports::Idempotency once) override;
  Answer<ports::AlertView> alert(core::Caller caller, core::AlertId id) override;
  Answer<ports::Listed<ports::AlertView>> alerts(core::Caller caller, ports::AlertFilter filter,
                                                 ports::Page page) override;
  Answer<core::Photo> photo(core::Caller caller, core::AlertId id) override;
  Answer<ports::AlertView> update(core::Caller caller, core::AlertId id, ports::UpdateOptions options,
                                  ports::Idempotency once) override;
  Answer<ports::AlertView> close(core::Caller caller, core::AlertId id, ports::CloseOptions options,
                                 ports::Idempotency once) override;
  Answer<ports::AlertView> retract(core::Caller caller, core::AlertId id, std::string reason,
                                   ports::Idempotency once) override;
  Answer<ports::AlertView> circle(core::Caller caller, core::AlertId id, ports::CircleOptions options,
                                  ports::Idempotency once) override;
  Answer<ports::AlertView> suspend(core::Caller caller, core::AlertId id, ports::SuspendOptions options,
                                   ports::Idempotency once) override;
  Answer<ports::AlertView> resume(core::Caller caller, core::AlertId id, ports::SuspendOptions options,
                                  ports::Idempotency once) override;
  Answer<core::Board> board(core::Caller caller, core::AlertId id) override;

  // What the clock decides (timekeeper.hpp). Refused with a conflict where it is no longer due.
  Answer<ports::AlertView> widen(core::AlertId id);
  Answer<ports::AlertView> renew(core::AlertId id);
  Answer<ports::AlertView> clear(core::AlertId id);

  // The daemon's own exercises (exercises.hpp): by the same path as everybody's, on the strength of a plan that an
  // officer has approved. All but the first are the daemon's acts, and refused for whatever it has not ordered.
  Answer<ports::ReportView> submit_exercise(core::Actor actor, core::ExercisePlan plan, core::Instant due_at,
                                            ports::Idempotency once);
  Answer<ports::AlertView> release_exercise(core::AlertId id, core::ExercisePlan plan);
  Answer<ports::ReportView> drop_exercise(core::AlertId id);
  Answer<ports::AlertView> close_exercise(core::AlertId id);

 private:
  /// What a version of the alert would be, reckoned before anything is decided.
  struct Plan {
    core::Report report;
    core::AudienceSet audiences;
    core::Circle circle;
    core::Targets targets;
    std::shared_ptr<const core::Photo> photo;

    Plan() = default;
  };

  /// What a decision starts from: the case, and the record of the request when it was carried out before.
  struct Opened {
    CaseFile* file = nullptr;
    std::uint32_t entries = 0;  ///< that the case had then
    std::optional<ports::IdempotencyRecord> repeated;
  };
  /// A decision in the making: whose it is, and the commit that grows with it.
  struct Decision {
    CaseFile& file;
    std::uint32_t planned_on;  ///< how many entries the case had when it was looked at: a condition of the commit
    core::Actor actor;
    std::string issuer;  ///< the unit that the notices name
    ports::Idempotency once;
    std::string reason;
    core::Instant now;
    ports::DataKey key;
    ports::Commit commit;

    /// The case has moved since: what the rules would refuse now may be refused for what this very request, come
    /// twice at once, has done itself. It is decided anew, and first asked whether it was that.
    bool overtaken() const { return file.state.entries != planned_on; }
  };

  /// One try at a decision: its answer, or nothing when another commit came between and it has to be taken
  /// anew, from the state that the other one left.
  template <class View>
  using Attempt = boost::asio::awaitable<core::Result<std::optional<View>>>;

  template <class View, class Try>
  static Answer<View> until_decided(Try& attempt) {
    for (int tried = 0; tried < decision_attempts_max; ++tried) {
      auto running = attempt();
      core::Result<std::optional<View>> outcome = co_await std::move(running);
      if (!outcome) {
        co_return outcome.error();
      }
      if (*outcome) {
        co_return std::move(**outcome);
      }
    }
    co_return core::Refusal(core::Errc::overloaded);
  }
  template <class View>
  static core::Result<std::optional<View>> answered(core::Result<View> answer) {
    if (!answer) {
      return answer.error();
    }
    return std::optional<View>(std::move(*answer));
  }
  template <class View>
  static core::Result<std::optional<View>> not_committed(const ports::CommitResult& result) {
    if (std::holds_alternative<ports::Conflict>(result)) {
      return std::optional<View>();
    }
    return core::Refusal(core::Errc::unavailable);
  }

  /// A report on its way in: whose it is, and whether it is an exercise that the daemon carries out.
  struct Submission {
    core::Actor actor;
    std::string unit;
    core::ReportDraft draft;
    std::optional<core::ExerciseOrdered> exercise;
    ports::Idempotency once;
  };
  Attempt<ports::ReportView> try_submit(Submission submission);
  Attempt<ports::ReportView> try_reject(core::Caller caller, core::ReportId id, std::string reason,
                                        ports::Idempotency once);
  Attempt<ports::AlertView> try_release(core::Caller caller, core::ReportId id, ports::ReleaseOptions options,
                                        ports::Idempotency once);
  Attempt<ports::AlertView> try_release_exercise(core::AlertId id, core::ExercisePlan plan);
  Attempt<ports::ReportView> try_drop_exercise(core::AlertId id);
  Attempt<ports::AlertView> try_close_exercise(core::AlertId id);
  /// What is decided, once it is known that it may be and who decides.
  Attempt<ports::AlertView> issue(Decision decision, Plan plan, ports::ReleaseOptions options);
  Attempt<ports::ReportView> turn_down(Decision decision);
  Attempt<ports::AlertView> take_down(Decision decision, core::CaseCommand command);
  Attempt<ports::AlertView> try_update(core::Caller caller, core::AlertId id, ports::UpdateOptions options,
                                       ports::Idempotency once);
  Attempt<ports::AlertView> try_circle(core::Caller caller, core::AlertId id, ports::CircleOptions options,
                                       ports::Idempotency once);
  Attempt<ports::AlertView> hold(const core::Caller& caller, Opened opened, std::string reason,
                                 ports::Idempotency once);
  Attempt<ports::AlertView> try_widen(core::AlertId id);
  Attempt<ports::AlertView> try_renew(core::AlertId id);
  Attempt<ports::AlertView> try_clear(core::AlertId id);
  Attempt<ports::AlertView> try_resume(core::Caller caller, core::AlertId id, ports::SuspendOptions options,
                                       ports::Idempotency once);
  Attempt<ports::AlertView> try_recall(core::Caller caller, core::AlertId id, core::CaseCommand command,
                                       std::string reason, ports::Idempotency once);

  Answer<std::optional<core::Photo>> prepared_photo(core::Photo photo, core::Status status);
  /// A report's first commit, and what it makes of the case; the key is the new alert's.
  struct Intake {
    ports::Commit commit;
    core::ReportSubmitted submitted;
    ports::DataKey key;
  };
  std::string link_digest(const core::Report& report) const;
  Intake first_commit(const core::Report& report, const std::optional<core::Photo>& photo, core::Instant now);
  core::Result<std::optional<Mailing>> add_lookout(Decision& decision, const core::Report& report,
                                                   const std::optional<core::Photo>& photo,
                                                   core::SubmitReport& command) const;
  Answer<ports::ReportView> replayed_report(ports::IdempotencyRecord record);
  Answer<ports::AlertView> replayed_alert(ports::IdempotencyRecord record);

  // Whom it concerns: the case, when the caller may know of it and, to decide, may decide on it.
  core::Result<CaseFile*> visible(const core::Caller& caller, CaseFile* file) const;
  core::Result<CaseFile*> decidable(const core::Caller& caller, CaseFile* file) const;
  Answer<Opened> open_report(const core::Caller& caller, const core::ReportId& id, const ports::Idempotency& once);
  Answer<Opened> open_alert(const core::Caller& caller, const core::AlertId& id, const ports::Idempotency& once);

  /// The case as it was when it had that many entries.
  Answer<core::CaseState> state_at(const core::AlertId& alert, std::uint32_t entries);

  Answer<Decision> begin(core::Actor actor, std::string issuer, CaseFile& file, std::uint32_t planned_on,
                         std::string reason, ports::Idempotency once);
  Answer<Decision> begin(const core::Caller& caller, const Opened& opened, std::string reason,
                         ports::Idempotency once);
  /// The clock's: its notices name the unit that released the alert, or that answers for the exercise.
  Answer<Decision> begin_by_clock(CaseFile& file, std::uint32_t planned_on);
  /// Puts the decided entries into the commit, on condition that nothing else was decided meanwhile.
  static void enter(Decision& decision, std::vector<core::EntryBody> bodies);
  /// Nobody new is told of the case until its outcome is known.
  boost::asio::awaitable<ports::CommitResult> write(CaseFile& file, ports::Commit commit);
  /// Seals the officer's reason, to be found by the entry it was given for.
  void keep_reason(Decision& decision, const core::EntryBody& decided) const;
  /// Composes, signs and seals the copies of a version; answers the digest of all of them.
  core::Result<std::string> publish_copies(Decision& decision, const std::vector<core::Notice>& copies) const;
  void announce(Decision& decision, Mailing& mailing) const;
  /// Puts newly expected recipients into the commit, those of each version apart.
  static void put_expected(Decision& decision, const World& world, const Mailing& mailing,
                           const core::RecipientSet& newly);
  /// Enters what was decided, announces it, and commits. `newly`: who is expected since this version.
  Attempt<ports::AlertView> conclude(Decision decision, std::vector<core::EntryBody> decided, Mailing mailing,
                                     core::RecipientSet newly);
  /// A mailing of content to an alert that is out already: all its topics, and whom the circle leaves behind.
  Mailing mailing_after(const CaseFile& file, const Content& content, const core::Targets& targets) const;
  void told_through_gateways(const CaseFile& file, const core::RecipientSet& concerned,
                             const core::Targets& staying, Mailing& mailing) const;
  Attempt<ports::AlertView> step(Decision decision, Plan plan, core::AlertStepped stepped);
  /// The clock's step, to this radius.
  Attempt<ports::AlertView> step_by_clock(CaseFile& file, double radius_km);
  Answer<Plan> plan_again(CaseFile& file, double radius_km, std::optional<core::Position> centre);
  Answer<std::optional<core::Position>> chosen_centre(CaseFile& file);
  Answer<CaseFile*> loaded(const core::AlertId& id);

  core::Result<void> may_release(const core::Caller& caller, const CaseFile& file,
                                 const ports::ReleaseOptions& options, core::Instant now) const;
  Answer<Plan> plan_release(CaseFile& file, const ports::ReleaseOptions& options, core::Instant now);
  Answer<core::Report> updated_report(CaseFile& file, const ports::UpdateOptions& options, core::Instant now);
  /// What an update does to the photo: replaces it, takes it away, or neither.
  struct PhotoChange {
    std::optional<core::Photo> replacement;
    bool removed = false;
  };
  Answer<Plan> plan_update(CaseFile& file, core::Report report, PhotoChange change, core::AudienceSet audiences);
  void keep_report(Decision& decision, const Plan& plan, bool photo_changed) const;
  Attempt<ports::AlertView> revise(Decision decision, Plan plan, core::UpdateAlert command, bool photo_changed);
  Content content_of(const std::string& issuer, const CaseFile& file, const Plan& plan, Issues issues,
                     core::Instant now) const;
  std::string preview_token(const CaseFile& file, const Plan& plan, bool plate_open) const;
  Answer<ports::AlertView> recall(core::Caller caller, core::AlertId id, core::CaseCommand command,
                                  std::string reason, ports::Idempotency once);

  /// Without the photo. `as_of` absent, here and below: now.
  Answer<ports::ReportView> report_view(CaseFile& file, core::CaseState state, Reader reader,
                                        std::optional<core::Instant> as_of = std::nullopt);
  Answer<bool> is_led_by(CaseFile& file, std::string comparable);
  Answer<ports::AlertView> alert_view(CaseFile& file, core::CaseState state, Reader reader,
                                      std::optional<core::Instant> as_of = std::nullopt);

  World& world_;
  Documents documents_;
};

}  // namespace tuanyuan::engine
