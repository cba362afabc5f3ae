// national_day: three days of a whole country's alerts in virtual time, and whether their cost grows with what
// there is to do and no faster.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/crypto/vault.hpp"
#include "adapters/ledger/memory/memory_ledger.hpp"
#include "adapters/wire/document_codec.hpp"
#include "bench/bench.hpp"
#include "core/report_validation.hpp"
#include "core/sample_report.hpp"
#include "engine/engine.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/entropy.hpp"
#include "runtime/virtual_clock.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::bench {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Day {
  std::uint32_t recipients = 0;
  std::uint32_t alerts = 0;
};
constexpr Day whole{100'000, 20};
constexpr Day fewer_recipients{whole.recipients / 2, whole.alerts};
constexpr Day fewer_alerts{whole.recipients, whole.alerts / 2};
constexpr hours lasts{72};
constexpr std::size_t answers_at_once = 2'000;
constexpr std::uint32_t cell_degrees = 1;  // a division a cell

/// How people and equipment are: most hear at once, most read it within minutes, some at the end of the night,
/// some never.
struct Habits {
  double never_hears = 0.02;
  double never_confirms = 0.10;
  double typical_confirm_minutes = 4;
};

/// The real engine on virtual time, with a ledger in memory and a channel that takes everything.
class Country {
 public:
  explicit Country(Day day) : day_(day) {
    engine_.add_channel(channel_);
    engine_.start_clock();
    settle();
    import();
  }
  ~Country() {
    boost::asio::co_spawn(context_, engine_.stop(), [](std::exception_ptr) {});
    clock_.run_for(seconds(1));
  }
  Country(const Country&) = delete;
  Country& operator=(const Country&) = delete;

  struct Outcome {
    std::uint64_t expected = 0;
    std::uint64_t answers = 0;
    std::uint64_t chased = 0;
  };
  /// Alerts are released evenly over two of the three days; each is closed after a day.
  Outcome run() {
    const auto between = minutes(hours(48)) / day_.alerts;
    for (std::uint32_t number = 0; number < day_.alerts; ++number) {
      plan(number * between, [this, number] { release(number); });
      plan(number * between + hours(24), [this, number] { close(number); });
    }
    const ports::Clock::Steady end = clock_.steady_now() + lasts;
    while (!plans_.empty() && plans_.begin()->first <= end) {
      const auto due = plans_.begin();
      clock_.run_for(due->first - clock_.steady_now());
      const std::function<void()> what = std::move(due->second);
      plans_.erase(due);
      what();
      channel_.sent.clear();
    }
    clock_.run_for(std::max(end - clock_.steady_now(), ports::Clock::Steady::duration{}));
    return outcome();
  }

 private:
  template <class T>
  T call(boost::asio::awaitable<T> work) {
    std::optional<T> result;
    boost::asio::co_spawn(context_, std::move(work), [&result](std::exception_ptr failure, T value) {
      if (failure) {
        std::rethrow_exception(failure);
      }
      result.emplace(std::move(value));
    });
    clock_.run_until([&result] { return result.has_value(); }, minutes(5));
    return std::move(result.value());
  }
  void settle() { clock_.run_for(seconds(1)); }
  void plan(minutes after, std::function<void()> what) { plans_.emplace(begun_ + after, std::move(what)); }

  static engine::Settings settings() {
    engine::Settings settings;
    settings.lookout = false;
    settings.chase_grace = core::Duration(0);
    return settings;
  }

  void import();
  void release(std::uint32_t number);
  void close(std::uint32_t number);
  void answer(const core::AlertId& alert, std::uint32_t revision, core::AnswerKind kind,
              const std::vector<core::Ordinal>& who);
  void plan_answers(const core::AlertId& alert, std::uint32_t revision, const core::RecipientSet& who);
  Outcome outcome();

  Day day_;
  Habits habits_;
  std::mt19937_64 random_{7};
  boost::asio::io_context context_{1};
  runtime::VirtualClock clock_{context_, core::from_epoch_ms(1'795'000'000'000)};
  runtime::SeededEntropy entropy_{7};
  runtime::BlockingPool pool_{0, 16};
  std::shared_ptr<ledger::MemoryStore> store_ = std::make_shared<ledger::MemoryStore>();
  ledger::MemoryLedger ledger_{context_.get_executor(), store_, &clock_};
  crypto::OpenSslVault vault_{crypto::MasterKeys{std::string(32, 'k')}};
  test::PlainNotary notary_;
  test::SamePictures pictures_;
  wire::ProtobufDocumentCodec codec_;
  test::NoMetrics metrics_;
  test::NoLog log_;
  test::RecordingChannel channel_;
  engine::Engine engine_{
      context_.get_executor(),
      engine::Tools{ledger_, vault_, notary_, pictures_, codec_, clock_, entropy_, metrics_, log_, pool_},
      settings()};
  core::Caller submitter_ = test::officer("000000000000", {core::Role::submitter});
  core::Caller releaser_ = test::officer("000000000000", {core::Role::releaser});
  core::Caller keeper_ = test::officer("000000000000", {core::Role::operator_});
  ports::Clock::Steady begun_ = clock_.steady_now();
  std::multimap<ports::Clock::Steady, std::function<void()>> plans_;
  std::map<std::uint32_t, core::AlertId> alerts_;
  std::map<core::AlertId, core::RecipientSet> answering_;  ///< whose answers are planned
  std::uint64_t answers_ = 0;
};

core::Division cell_of(const core::Position& place) {
  const auto row = static_cast<std::uint32_t>(place.latitude) / cell_degrees;
  const auto column = static_cast<std::uint32_t>(place.longitude) / cell_degrees;
  return core::Division{110'000 + row * 200 + column};
}

void Country::import() {
  std::uniform_real_distribution<double> latitude(22, 42);
  std::uniform_real_distribution<double> longitude(100, 122);
  std::vector<core::Recipient> all;
  for (std::uint32_t index = 0; index < day_.recipients; ++index) {
    core::Recipient one;
    one.id = core::RecipientId("r" + std::to_string(index));
    one.name = "某站";
    one.category = static_cast<core::Category>(index % core::category_count);
    one.audience = index % 5 == 0 ? core::Audience::police : core::Audience::partner;
    one.position = core::Position{latitude(random_), longitude(random_)};
    one.division = cell_of(*one.position);
    one.hours = index % 4 == 0 ? "Mo-Su 07:00-22:00" : "";
    all.push_back(std::move(one));
  }
  if (!call(engine_.recipients().import(keeper_, std::move(all), {}))) {
    throw std::runtime_error("the recipients were not imported");
  }
}

void Country::release(std::uint32_t number) {
  core::Report report = core::sample::sample_report();
  report.incident_number = "J" + std::to_string(1'000'000 + number);
  report.child.name = "孩" + std::to_string(number);
  report.last_seen.time = clock_.wall_now() - minutes(30);
  report.last_seen.time_latest.reset();
  report.last_seen.position = core::Position{32, 111};
  report.last_seen.crs = core::Crs::wgs84;
  report.last_seen.division = cell_of(*report.last_seen.position);
  const auto taken = call(engine_.cases().submit(submitter_, core::to_draft(report), {}));
  if (!taken || !call(engine_.cases().release(releaser_, taken->id, {}, {}))) {
    throw std::runtime_error("an alert was not released");
  }
  alerts_[number] = taken->alert_id;
  // At the release, and after each ring, whoever is new begins to answer.
  for (const minutes after : {minutes(0), minutes(31), minutes(91), minutes(151)}) {
    const auto now = std::chrono::duration_cast<minutes>(clock_.steady_now() - begun_);
    plan(now + after, [this, alert = taken->alert_id] {
      const core::RecipientSet expected = engine_.world().cases.find(alert)->tally.expected();
      core::RecipientSet& known = answering_[alert];
      plan_answers(alert, 1, expected - known);
      known |= expected;
    });
  }
}

/// Who hears says so within a minute; who reads it, some minutes later, with a long tail.
void Country::plan_answers(const core::AlertId& alert, std::uint32_t revision, const core::RecipientSet& who) {
  std::uniform_real_distribution<double> share(0, 1);
  std::lognormal_distribution<double> late(std::log(habits_.typical_confirm_minutes), 1.0);
  std::map<minutes, std::vector<core::Ordinal>> confirming;
  std::vector<core::Ordinal> hearing;
  for (const core::Ordinal ordinal : who) {
    if (share(random_) < habits_.never_hears) {
      continue;
    }
    hearing.push_back(ordinal);
    if (share(random_) >= habits_.never_confirms) {
      confirming[minutes(1 + static_cast<int>(std::min(late(random_), 600.0)))].push_back(ordinal);
    }
  }
  answer(alert, revision, core::AnswerKind::received, hearing);
  const auto now = std::chrono::duration_cast<minutes>(clock_.steady_now() - begun_);
  for (auto& [after, recipients] : confirming) {
    plan(now + after, [this, alert, revision, them = std::move(recipients)] {
      answer(alert, revision, core::AnswerKind::confirmed, them);
    });
  }
}

void Country::close(std::uint32_t number) {
  const core::AlertId alert = alerts_.at(number);
  ports::CloseOptions options;
  options.outcome = core::Outcome::found_safe;
  options.cause = core::Cause::lost;
  const auto closed = call(engine_.cases().close(releaser_, alert, options, {}));
  if (!closed) {
    throw std::runtime_error("an alert was not closed");
  }
  std::vector<core::Ordinal> everybody;
  for (const core::Ordinal ordinal : engine_.world().cases.find(alert)->tally.expected()) {
    everybody.push_back(ordinal);
  }
  answer(alert, closed->version.revision, core::AnswerKind::removed, everybody);
}

void Country::answer(const core::AlertId& alert, std::uint32_t revision, core::AnswerKind kind,
                     const std::vector<core::Ordinal>& who) {
  for (std::size_t from = 0; from < who.size(); from += answers_at_once) {
    std::vector<ports::InboundAnswer> batch;
    for (std::size_t index = from; index < std::min(who.size(), from + answers_at_once); ++index) {
      ports::InboundAnswer inbound;
      inbound.answer.alert_id = alert;
      inbound.answer.revision = revision;
      inbound.answer.recipient_id = core::RecipientId(std::string(engine_.world().directory.at(who[index]).id));
      inbound.answer.kind = kind;
      inbound.connection = inbound.answer.recipient_id;
      inbound.channel = core::ChannelKind::mqtt;
      batch.push_back(std::move(inbound));
    }
    answers_ += batch.size();
    if (!call(engine_.answers().acknowledge(std::move(batch)))) {
      throw std::runtime_error("answers were not taken");
    }
  }
}

Country::Outcome Country::outcome() {
  Outcome sum;
  sum.answers = answers_;
  for (const auto& [number, alert] : alerts_) {
    sum.expected += engine_.world().cases.find(alert)->tally.expected().cardinality();
    for (const ports::ChasedRecipients& row : store_->chased(alert)) {
      sum.chased += row.recipients.cardinality();
    }
  }
  engine_.auditor().audit();
  if (!engine_.auditor().wrong().empty()) {
    throw std::runtime_error(engine_.auditor().wrong());
  }
  return sum;
}

struct Lived {
  Country::Outcome outcome;
  double seconds = 0;
};

Lived live(Day day) {
  Country country(day);
  Lived lived;
  lived.seconds = bench::seconds([&] { lived.outcome = country.run(); });
  return lived;
}

/// What half of it costs, twice: growth beyond the linear shows as a ratio above 1.
Figure beside(const Lived& all, const Lived& with_half, std::string name, std::string halved) {
  Figure figure;
  figure.bench = std::move(name);
  figure.ours = all.seconds;
  figure.reference = 2 * with_half.seconds;
  figure.reference_is = "twice the same with half the " + halved;
  figure.unit = "s for 72 virtual hours";
  figure.goal = Goal::ratio_at_most(1.25);
  const auto count = [](std::uint64_t number) { return static_cast<double>(number); };
  figure.more = {{"alerts", whole.alerts},
                 {"recipients", whole.recipients},
                 {"expected", count(all.outcome.expected)},
                 {"answers", count(all.outcome.answers)},
                 {"chased", count(all.outcome.chased)},
                 {"answers_of_half", count(with_half.outcome.answers)},
                 {"chased_of_half", count(with_half.outcome.chased)}};
  return figure;
}

// Each measured by itself: halving both at once would hide a cost that grows with their product's square.
std::vector<Figure> national_day() {
  const Lived all = live(whole);
  return {beside(all, live(fewer_recipients), "national_day_recipients", "recipients"),
          beside(all, live(fewer_alerts), "national_day_alerts", "alerts")};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  using namespace tuanyuan::bench;
  return run_benches(argc, argv, {{"national_day", national_day}});
}
