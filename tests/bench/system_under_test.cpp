#include "bench/system_under_test.hpp"

#include <gd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <stdexcept>

#include "adapters/crypto/notary.hpp"
#include "adapters/crypto/pem.hpp"
#include "adapters/crypto/pki.hpp"
#include "adapters/crypto/vault.hpp"
#include "adapters/ledger/sqlite/sqlite_ledger.hpp"
#include "adapters/metrics/prometheus_metrics.hpp"
#include "adapters/mqtt/broker.hpp"
#include "adapters/picture/pictures.hpp"
#include "adapters/wire/document_codec.hpp"
#include "app/gateways.hpp"
#include "app/notice_texts.hpp"
#include "bench/timed_ledger.hpp"
#include "core/report_validation.hpp"
#include "engine/engine.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/entropy.hpp"
#include "runtime/system_clock.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t pool_threads = 2;
constexpr std::size_t pool_queue_max = 64;
constexpr std::chrono::seconds patience{60};

core::Instant now() {
  return std::chrono::time_point_cast<core::Instant::duration>(std::chrono::system_clock::now());
}

crypto::NotaryKey notary_key(const crypto::CertificateAuthority& authority, core::Status use) {
  const crypto::Validity validity = crypto::valid_from(now(), std::chrono::days(1));
  const crypto::SigningKey key = crypto::SigningKey::generate();
  return crypto::load_notary_key(key.to_pem(), authority.certify(key, use, validity));
}

std::vector<crypto::NotaryKey> notary_keys() {
  const auto authority =
      crypto::CertificateAuthority::make("bench", crypto::valid_from(now(), std::chrono::days(1)));
  std::vector<crypto::NotaryKey> keys;
  keys.push_back(notary_key(authority, core::Status::actual));
  keys.push_back(notary_key(authority, core::Status::exercise));
  return keys;
}

/// A JPEG with as much in it as a photo has.
std::string photo() {
  gdImagePtr image = gdImageCreateTrueColor(900, 1'200);
  std::minstd_rand random(7);
  for (int y = 0; y < gdImageSY(image); ++y) {
    for (int x = 0; x < gdImageSX(image); ++x) {
      const int shade = (x * y / 2'000 + static_cast<int>(random() % 48)) % 256;
      gdImageSetPixel(image, x, y, gdTrueColor(shade, (shade + x) % 256, (shade + y) % 256));
    }
  }
  int size = 0;
  void* bytes = gdImageJpegPtr(image, &size, 80);
  std::string jpeg(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
  gdFree(bytes);
  gdImageDestroy(image);
  return jpeg;
}

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::promise<T>& promise) {
  try {
    promise.set_value(co_await std::move(work));
  } catch (...) {
    promise.set_exception(std::current_exception());
  }
}

template <class T>
T must(core::Result<T> result, const char* what) {
  if (!result) {
    throw std::runtime_error(std::string(what) + ": " + std::string(core::problem_name(result.error().code)));
  }
  return std::move(*result);
}

}  // namespace

std::size_t runs_wanted(std::size_t otherwise) {
  const char* wanted = std::getenv("BENCH_RUNS");
  return wanted == nullptr ? otherwise : std::max<std::size_t>(1, std::strtoul(wanted, nullptr, 10));
}

void make_ledger(const std::string& file, const std::vector<core::Recipient>& recipients) {
  constexpr std::size_t slice = 10'000;
  boost::asio::io_context context{1};
  const auto work = boost::asio::make_work_guard(context);
  ledger::SqliteOptions options;
  options.path = file;
  ledger::SqliteLedger ledger(context.get_executor(), options);
  for (std::size_t from = 0; from < recipients.size(); from += slice) {
    ports::Commit commit;
    for (std::size_t i = from; i < std::min(recipients.size(), from + slice); ++i) {
      ports::RecipientChange change;
      change.recipient = recipients[i];
      commit.recipients.push_back(std::move(change));
    }
    std::promise<ports::CommitResult> promise;
    auto result = promise.get_future();
    boost::asio::co_spawn(context, keep(ledger.commit(std::move(commit)), promise), [](std::exception_ptr) {});
    while (result.wait_for(0s) != std::future_status::ready) {
      context.run_one();
    }
    if (!std::holds_alternative<ports::Committed>(result.get())) {
      throw std::runtime_error("the directory could not be committed");
    }
  }
}

core::Report sample_report(core::Division division, core::Position place) {
  core::Report report;
  report.incident_number = "J2101022026052000017";
  report.reporting_unit = "210102120000";
  report.exercise = false;
  report.child.name = "小禾";
  report.child.sex = core::Sex::female;
  report.child.age_years = 8;
  report.child.height_cm = 126;
  report.child.weight_kg = 24;
  report.child.appearance = "圆脸，齐耳短发";
  report.child.clothing = "黄色雨衣，蓝色书包";
  report.child.marks = "左眉上有一颗痣";
  report.photo = {"image/jpeg", photo()};
  report.last_seen.time = now() - 40min;
  report.last_seen.place = "中街步行街东口";
  report.last_seen.division = division;
  report.last_seen.position = place;
  report.circumstances = "放学后独自离开，未按时到家";
  report.suspect = {"四十岁左右男子，戴灰色帽子", "白色面包车", "辽A7K9Q2"};
  report.contact = {"沈河区值班室", "024-22720110"};
  report.lead_officer = "警号 021533";
  return report;
}

struct SystemUnderTest::Parts {
  Parts(boost::asio::io_context& context, const std::string& ledger_file)
      : stored(context.get_executor(), ledger::SqliteOptions{ledger_file, {}, {}, {}}),
        engine(context.get_executor(), tools, engine::Settings()) {}

  boost::asio::awaitable<bool> start();
  boost::asio::awaitable<bool> start_broker();
  boost::asio::awaitable<bool> stop();

  runtime::SystemClock clock;
  runtime::OsEntropy entropy;
  test::NoLog log;
  metrics::PrometheusMetrics metrics;
  runtime::BlockingPool pool{pool_threads, pool_queue_max};
  crypto::OpenSslVault vault{crypto::MasterKeys{std::string(32, 'k')}};
  crypto::OpenSslNotary notary{notary_keys()};
  picture::GdPictures pictures;
  wire::ProtobufDocumentCodec codec;
  ledger::SqliteLedger stored;
  TimedLedger ledger{stored};
  engine::Tools tools{ledger, vault, notary, pictures, codec, clock, entropy, metrics, log, pool};
  app::GatewaysConfig gateways_config;
  std::optional<app::Gateways> gateways;
  engine::Engine engine;
  std::optional<mqtt::Broker> broker;
};

boost::asio::awaitable<bool> SystemUnderTest::Parts::start() {
  const core::Result<void> recovered = co_await engine.recover();
  if (!recovered) {
    throw std::runtime_error("the ledger cannot be read");
  }
  if (gateways) {
    gateways->add_to(engine);
  }
  if (broker) {
    co_await start_broker();
  }
  co_return true;
}

boost::asio::awaitable<bool> SystemUnderTest::Parts::start_broker() {
  broker->set_keys(notary.published(clock.wall_now()));
  broker->start(engine.answers(), engine.retained());
  engine.add_channel(*broker);
  const auto deadline = clock.steady_now() + patience;
  while (!broker->is_up()) {
    if (clock.steady_now() > deadline) {
      throw std::runtime_error("no connection to the broker");
    }
    co_await clock.sleep_until(clock.steady_now() + 10ms);
  }
  co_return true;
}

boost::asio::awaitable<bool> SystemUnderTest::Parts::stop() {
  co_await engine.stop();
  if (broker) {
    co_await broker->stop();
  }
  co_return true;
}

SystemUnderTest::SystemUnderTest(const std::string& ledger_file, const mqtt::Settings& broker)
    : parts_(std::make_unique<Parts>(context_, ledger_file)) {
  parts_->broker.emplace(context_.get_executor(), broker,
                         mqtt::Surroundings(parts_->clock, parts_->entropy, parts_->log, parts_->metrics));
  start();
}

SystemUnderTest::SystemUnderTest(const std::string& ledger_file, const app::GatewaysConfig& gateways)
    : parts_(std::make_unique<Parts>(context_, ledger_file)) {
  parts_->gateways_config = gateways;
  parts_->gateways.emplace(context_.get_executor(), parts_->gateways_config, app::load_notice_texts("").texts,
                           "https://tuanyuan.example.org/api/v1", parts_->tools,
                           app::wanted_connections(gateways));
  start();
}

void SystemUnderTest::start() {
  thread_ = std::thread([this] { context_.run(); });
  call(parts_->start());
}

SystemUnderTest::~SystemUnderTest() {
  call(parts_->stop());
  work_.reset();
  context_.stop();
  thread_.join();
}

template <class T>
T SystemUnderTest::call(boost::asio::awaitable<T> work) {
  std::promise<T> promise;
  auto result = promise.get_future();
  boost::asio::co_spawn(context_, keep(std::move(work), promise), [](std::exception_ptr) {});
  return result.get();
}

SystemUnderTest::Released SystemUnderTest::release(const core::Report& report) {
  const core::Caller submitter = test::officer("210102000000", {core::Role::submitter});
  const core::Caller releaser = test::officer("210100000000", {core::Role::releaser});
  ports::CaseDesk& desk = parts_->engine.cases();
  core::ReportDraft draft = core::to_draft(report);
  const auto taken = must(call(desk.submit(submitter, std::move(draft), ports::Idempotency())), "report");
  ports::ReleaseOptions options;
  options.duplicates_reviewed.emplace();
  const auto alert = must(call(desk.release(releaser, taken.id, options, ports::Idempotency())), "release");
  const TimedLedger::Moment announced = parts_->ledger.announced();
  return Released{alert.id, announced.at, announced.cpu_seconds};
}

SystemUnderTest::Answers SystemUnderTest::answers() const {
  const TimedLedger::Count count = parts_->ledger.answers();
  return Answers{count.first, count.commits, parts_->stored.statistics().transactions};
}

SystemUnderTest::Steady SystemUnderTest::await_answers(std::uint64_t first, std::chrono::seconds patience_s) {
  TimedLedger& ledger = parts_->ledger;
  if (!ledger.await([&] { return ledger.answers().first >= first; }, patience_s)) {
    throw std::runtime_error("only " + std::to_string(ledger.answers().first) + " of " + std::to_string(first) +
                             " acknowledgements were committed in time");
  }
  return ledger.answers().last.at;
}

void SystemUnderTest::await_accepted(const std::vector<core::ChannelKind>& channels, std::uint64_t of_each,
                                     std::chrono::seconds patience_s) {
  TimedLedger& ledger = parts_->ledger;
  const auto is_there = [&](core::ChannelKind channel) {
    const TimedLedger::Outcomes outcomes = ledger.outcomes(channel);
    return outcomes.accepted >= of_each || outcomes.lost > 0;
  };
  ledger.await([&] { return std::all_of(channels.begin(), channels.end(), is_there); }, patience_s);
  for (const core::ChannelKind channel : channels) {
    const TimedLedger::Outcomes outcomes = ledger.outcomes(channel);
    if (outcomes.accepted < of_each) {
      throw std::runtime_error(std::string(core::to_string(channel)) + ": of " + std::to_string(of_each) + " " +
                               std::to_string(outcomes.accepted) + " accepted, " + std::to_string(outcomes.lost) +
                               " lost");
    }
  }
}

const TimedLedger& SystemUnderTest::ledger() const {
  return parts_->ledger;
}

double SystemUnderTest::metric(const std::string& line_start) const {
  const std::string text = parts_->metrics.text();
  const std::size_t at = text.find("\n" + line_start);
  return at == std::string::npos ? 0 : std::stod(text.substr(text.find(' ', at + 1)));
}

}  // namespace tuanyuan::bench
