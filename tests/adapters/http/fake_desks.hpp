#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/desks.hpp"
#include "runtime/virtual_clock.hpp"

// Small desks with one report and one alert, that judge in the order of the contract, as the engine's do.
namespace tuanyuan::http::test {

inline const std::string report_id = "0192a000-0000-7000-8000-000000000001";
inline const std::string alert_id = "0192a000-0000-7000-8000-000000000002";
inline const std::string sighting_id = "0192a000-0000-7000-8000-000000000003";
inline const std::string unknown_id = "0192a000-0000-7000-8000-0000000000ff";
inline const std::string unit = "210102000000";
inline constexpr core::Instant now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 3}};

core::Report sample_report();

template <class T>
using Answer = boost::asio::awaitable<core::Result<T>>;

class FakeCases final : public ports::CaseDesk {
 public:
  Answer<ports::ReportView> submit(core::Caller, core::ReportDraft draft, ports::Idempotency once) override;
  Answer<ports::ReportView> report(core::Caller, core::ReportId id) override;
  Answer<ports::Listed<ports::ReportView>> reports(core::Caller, ports::ReportFilter asked,
                                                   ports::Page page) override;
  Answer<ports::PreviewView> preview(core::Caller, core::ReportId id, ports::ReleaseOptions options) override;
  Answer<ports::AlertView> release(core::Caller, core::ReportId id, ports::ReleaseOptions options,
                                   ports::Idempotency once) override;
  Answer<ports::ReportView> reject(core::Caller, core::ReportId id, std::string reason,
                                   ports::Idempotency) override;
  Answer<ports::AlertView> alert(core::Caller, core::AlertId id) override;
  Answer<ports::Listed<ports::AlertView>> alerts(core::Caller, ports::AlertFilter asked,
                                                 ports::Page page) override;
  Answer<core::Photo> photo(core::Caller, core::AlertId id) override;
  Answer<ports::AlertView> update(core::Caller, core::AlertId id, ports::UpdateOptions options,
                                  ports::Idempotency) override;
  Answer<ports::AlertView> close(core::Caller, core::AlertId id, ports::CloseOptions options,
                                 ports::Idempotency) override;
  Answer<ports::AlertView> retract(core::Caller, core::AlertId id, std::string reason,
                                   ports::Idempotency) override;
  Answer<ports::AlertView> circle(core::Caller, core::AlertId id, ports::CircleOptions options,
                                  ports::Idempotency) override;
  Answer<ports::AlertView> suspend(core::Caller, core::AlertId id, ports::SuspendOptions options,
                                   ports::Idempotency) override;
  Answer<ports::AlertView> resume(core::Caller, core::AlertId id, ports::SuspendOptions options,
                                  ports::Idempotency) override;
  Answer<core::Board> board(core::Caller, core::AlertId id) override;

  core::ReportState report_state = core::ReportState::submitted;
  core::AlertState alert_state = core::AlertState::active;
  bool may_decide = true;
  std::uint32_t revision = 2;  ///< that an update may expect
  core::Report in_force = sample_report();
  std::map<std::string, std::string> keys;  ///< idempotency key -> digest
  std::string next_token;
  std::function<void()> during_read;  ///< called while an alert is read

  // What was asked last.
  ports::ReleaseOptions options;
  ports::CloseOptions closing;
  ports::CircleOptions drawing;
  ports::SuspendOptions suspending;
  ports::UpdateOptions updating;
  ports::Idempotency once;
  ports::Page page;
  ports::ReportFilter report_filter;
  ports::AlertFilter filter;
  std::string reason;
  std::vector<std::string> changes;  ///< what was committed

 private:
  /// As every desk does: whether there is such a case, whether the caller may decide on it, whether the key was
  /// used for something else, whether its state still allows it.
  core::Result<void> decide(bool known, bool in_time, const ports::Idempotency& given) const;
  core::Result<void> decide_on(const core::AlertId& id, const ports::Idempotency& given) const;
  core::Result<void> decide_on(const core::ReportId& id, const ports::Idempotency& given) const;
  ports::ReportView report_view() const;
  ports::AlertView alert_view() const;
};

class FakeAnswers final : public ports::AnswerDesk {
 public:
  Answer<std::vector<core::Receipt>> acknowledge(std::vector<ports::InboundAnswer>) override;
  Answer<core::Receipt> acknowledge(core::Caller caller, core::Acknowledgement answer,
                                    ports::Idempotency once) override;
  Answer<core::Receipt> sight(core::RecipientId connection, core::Sighting sighting,
                              ports::Idempotency once) override;
  Answer<std::vector<ports::SightingView>> sightings(core::Caller, core::AlertId id) override;
  Answer<ports::SightingView> sighting(core::Caller, core::SightingId id) override;
  Answer<ports::SightingView> assess(core::Caller, core::SightingId id, ports::AssessOptions options,
                                     ports::Idempotency) override;
  void presence(core::RecipientId, bool) override {}

  std::string refuse_with;  ///< a receipt's reason
  core::Acknowledgement answer;
  core::Caller caller;
  core::RecipientId connection;
  core::Sighting reported;
  int sighted = 0;
  std::vector<ports::SightingView> known;
};

class FakeRecipients final : public ports::RecipientDesk {
 public:
  Answer<ports::Listed<core::Recipient>> list(core::Caller, ports::Page page) override;
  Answer<core::Recipient> get(core::Caller, core::RecipientId id) override;
  Answer<core::Recipient> put(core::Caller, core::Recipient recipient, ports::Idempotency) override;
  Answer<bool> remove(core::Caller, core::RecipientId id, ports::Idempotency) override;
  Answer<std::uint32_t> import(core::Caller, std::vector<core::Recipient> recipients, ports::Idempotency) override;

  std::map<std::string, core::Recipient> directory;
  int puts = 0;
  int imports = 0;
  std::set<std::string> imported_digests;  ///< of bodies with a key
};

class FakeJournal final : public ports::JournalDesk {
 public:
  explicit FakeJournal(ports::Clock& clock) : clock_(clock) {}

  Answer<std::vector<ports::JournalLine>> journal(core::Caller, core::Sequence after, std::size_t limit) override;
  Answer<Events> follow(core::Caller, core::Sequence after, std::size_t limit,
                        std::chrono::milliseconds patience) override;
  core::Sequence newest() const override { return lines.empty() ? 0 : lines.back().sequence; }

  void write(std::string type, std::string subject, core::Detail detail = {});

  std::vector<ports::JournalLine> lines;
  std::vector<core::Sequence> asked_after;
  std::string hidden_type;  ///< lines of this type nobody sees
  bool broken = false;

 private:
  ports::Clock& clock_;
};

class FakeNotary final : public ports::Notary {
 public:
  core::Result<core::SignedCopy> sign(const core::Notice&, core::Instant) override {
    return core::Refusal(core::Errc::unavailable);
  }
  ports::PublishedKeys published(core::Instant) override;
};

class FakeHealth final : public ports::Health {
 public:
  boost::asio::awaitable<ports::HealthView> check() override { co_return view; }
  std::string metrics() override { return "tuanyuan_build_info 1\n"; }

  ports::HealthView view;
};

class RecordingLog final : public ports::Log {
 public:
  void write(ports::Severity, std::string_view event, Fields fields) override;
  std::vector<std::map<std::string, std::string>> lines;  ///< with the event under "event"
  std::size_t count(const std::string& event) const;
};

class RecordingMetrics final : public ports::Metrics {
 public:
  void add(std::string_view name, Labels labels, double by) override;
  void set(std::string_view name, Labels labels, double value) override;
  void observe(std::string_view, Labels, double) override {}
  std::map<std::string, double> values;  ///< name{label=value,…}
};

/// All of them.
class FakeReadiness final : public ports::ReadinessDesk {
 public:
  Answer<ports::ReadinessView> readiness(core::Caller, ports::ReadinessQuery query, ports::Page page) override;

  // What was asked last.
  ports::ReadinessQuery asked;
  ports::Page page;
};

class FakeExercises final : public ports::ExerciseDesk {
 public:
  Answer<ports::Listed<ports::ExerciseView>> exercises(core::Caller, ports::Page page) override;
  Answer<ports::Listed<ports::RecipientScore>> scores(core::Caller, core::AlertId id, ports::Page page) override;
  Answer<ports::ExerciseView> start(core::Caller, std::string name, ports::Idempotency once) override;

  static ports::ExerciseView monthly();
  // What was asked last.
  ports::Page page;
  std::string started;
  std::string key;
};

/// A channel "sms", and one row that died.
class FakeChannels final : public ports::ChannelDesk {
 public:
  Answer<std::vector<ports::ChannelView>> channels(core::Caller) override;
  Answer<ports::ChannelView> pause(core::Caller caller, std::string channel, std::string reason,
                                   ports::Idempotency once) override;
  Answer<ports::ChannelView> resume(core::Caller, std::string channel, ports::Idempotency once) override;
  Answer<ports::ChannelTest> test(core::Caller, std::string channel, ports::TestOptions options,
                                  ports::Idempotency once) override;
  Answer<ports::Listed<ports::OutboxView>> outbox(core::Caller, ports::OutboxFilter filter,
                                                  ports::Page page) override;
  Answer<ports::OutboxView> requeue(core::Caller, std::string id, ports::Idempotency once) override;

  std::optional<ports::ChannelPause> paused;
  bool in_force = true;
  // What was asked last.
  ports::OutboxFilter filter;
  ports::Page page;
  ports::TestOptions tested;
  std::string test_key;
  int decisions = 0;

 private:
  ports::ChannelView sms() const;
  ports::OutboxView row() const;
};

class FakeCallbacks final : public ports::CallbackDesk {
 public:
  Answer<ports::CallbackAnswer> called(ports::Callback callback) override {
    last = std::move(callback);
    if (last.token != "h0oken") {
      co_return core::Refusal(core::Errc::not_found);
    }
    ports::CallbackAnswer answered;
    answered.text = "ok";
    answered.is_page = !last.is_posted;
    co_return answered;
  }
  ports::Callback last;
};

/// Says what it was asked for, in what it answers.
class FakePosters final : public ports::PosterDesk {
 public:
  Answer<ports::Poster> poster(core::Caller caller, core::AlertId id, ports::PosterOptions options) override {
    asked.push_back(options);
    last = std::move(caller);
    if (id.value != alert_id || recalled) {
      co_return core::Refusal(core::Errc::not_found);
    }
    ports::Poster poster;
    poster.body = "drawn";
    poster.language = options.language;
    co_return poster;
  }
  std::vector<ports::PosterOptions> asked;
  core::Caller last;
  bool recalled = false;
};

struct FakeDesks {
  explicit FakeDesks(ports::Clock& time) : journal(time), clock(time) {}

  Desks desks() {
    return {cases,  answers, recipients, readiness, exercises, journal,  notary,
            health, clock,   log,        metrics,   callbacks, channels, posters};
  }

  FakeCases cases;
  FakeAnswers answers;
  FakeReadiness readiness;
  FakeExercises exercises;
  FakeRecipients recipients;
  FakeJournal journal;
  FakeNotary notary;
  FakeHealth health;
  ports::Clock& clock;
  RecordingLog log;
  RecordingMetrics metrics;
  FakeCallbacks callbacks;
  FakeChannels channels;
  FakePosters posters;
};

}  // namespace tuanyuan::http::test
