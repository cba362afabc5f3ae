// Acknowledgements from the broker to the ledger, and receipts back, beside bare Paho programs that store nothing.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <queue>
#include <random>
#include <stdexcept>

#include "adapters/mqtt/acl.hpp"
#include "adapters/wire/answer_codec.hpp"
#include "bench/bare_paho.hpp"
#include "bench/bench.hpp"
#include "bench/mqtt_fleet.hpp"
#include "bench/system_under_test.hpp"
#include "bench/temporary_folder.hpp"
#include "support/mosquitto.hpp"

namespace tuanyuan::bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t runs_of_each = 5;
constexpr std::chrono::seconds patience{60};
constexpr core::Division division{210102};
constexpr core::Position centre{41.80, 123.43};
const std::string base = "tuanyuan/v1/";
const std::string daemon_name = "tuanyuand";

/// Connections that answer for so many recipients each, once for each of these kinds.
constexpr v1::Acknowledgement::Kind kinds[] = {v1::Acknowledgement::RECEIVED, v1::Acknowledgement::DISPLAYED,
                                               v1::Acknowledgement::CONFIRMED, v1::Acknowledgement::ACTING};

/// Some alert's id, for those who store nothing.
const std::string no_alert = "A-20261122-00000000000000000000000001";

struct Crowd {
  std::size_t connections = 0;
  std::size_t recipients_each = 0;

  std::size_t answers_each() const { return recipients_each * std::size(kinds); }
  std::size_t answers() const { return connections * answers_each(); }
};

std::string connection_id(std::size_t connection) {
  return "g" + std::to_string(connection);
}

std::string recipient_id(std::size_t connection, std::size_t recipient) {
  return recipient == 0 ? connection_id(connection) : connection_id(connection) + "-" + std::to_string(recipient);
}

core::Recipient make_recipient(std::size_t connection, std::size_t index) {
  core::Recipient one;
  one.id = core::RecipientId(recipient_id(connection, index));
  one.name = "某站";
  one.category = core::Category::railway_station;
  one.division = division;
  one.position = centre;
  if (index != 0) {
    one.via = core::RecipientId(connection_id(connection));
  }
  return one;
}

/// The answers of one alert, each once: connection by connection in the order of recipients and kinds.
class Answers {
 public:
  Answers(std::string alert, bool batch) : alert_(std::move(alert)), batch_(batch) {}

  mqtt5::Publish make(std::size_t connection, std::size_t number) const {
    v1::Acknowledgement answer;
    answer.set_alert_id(alert_);
    answer.set_revision(1);
    answer.set_recipient_id(recipient_id(connection, number / std::size(kinds)));
    answer.set_kind(kinds[number % std::size(kinds)]);
    mqtt5::Publish message;
    message.topic = base + "acknowledgements/" + connection_id(connection);
    message.payload = answer.SerializeAsString();
    if (batch_) {
      message.properties.user_properties.emplace_back("receipts", "batch");
    }
    return message;
  }

  /// One that stores nothing answers everybody the same; then any will do.
  bool is_receipt_of(const v1::Receipt& receipt, std::size_t connection, std::size_t number) const {
    return alert_ == no_alert || (receipt.result() != v1::Receipt::REFUSED &&
                                  receipt.recipient_id() == recipient_id(connection, number / std::size(kinds)) &&
                                  receipt.kind() == kinds[number % std::size(kinds)]);
  }

 private:
  std::string alert_;
  bool batch_;
};

/// Each connection sends what it has as fast as the broker takes it, a window at a time.
class Flood final : public MqttFleet::Script {
 public:
  Flood(MqttFleet& fleet, const Crowd& crowd, const Answers& answers)
      : fleet_(fleet), crowd_(crowd), answers_(answers), sent_(crowd.connections, 0) {}

  void start() {
    for (std::size_t i = 0; i < crowd_.connections; ++i) {
      for (std::size_t n = 0; n < window; ++n) {
        send(i);
      }
    }
  }
  void arrived(std::size_t, const mqtt5::Publish&) override {}
  void acknowledged(std::size_t connection) override { send(connection); }

 private:
  static constexpr std::size_t window = 20;

  void send(std::size_t connection) {
    if (sent_[connection] < crowd_.answers_each()) {
      fleet_.publish(connection, answers_.make(connection, sent_[connection]++));
    }
  }

  MqttFleet& fleet_;
  const Crowd& crowd_;
  const Answers& answers_;
  std::vector<std::size_t> sent_;
};

/// Each connection has one answer outstanding, repeats it until its receipt is there, after 5 s, 10 s and so on,
/// jittered (contract, section 4), and then sends the next one.
class ClosedLoop final : public MqttFleet::Script {
 public:
  /// The first `active` connections, `total` answers altogether.
  ClosedLoop(MqttFleet& fleet, const Answers& answers, std::size_t active, std::size_t total)
      : fleet_(fleet), answers_(answers), total_(total), stations_(active) {}

  void start() {
    for (std::size_t i = 0; i < stations_.size(); ++i) {
      send_next(i, Clock::now());
    }
  }
  void arrived(std::size_t connection, const mqtt5::Publish& message) override {
    v1::Receipt receipt;
    if (message.topic.find("/receipts/") == std::string::npos || !receipt.ParseFromString(message.payload)) {
      return;
    }
    Station& station = stations_[connection];
    if (!station.waits || !answers_.is_receipt_of(receipt, connection, station.number)) {
      ++superfluous_;  // of an answer that was repeated, and had its receipt before
      return;
    }
    const auto now = Clock::now();
    station.waits = false;
    if (++received_ == total_) {
      last_ = now;
      done_.reach();
    }
    send_next(connection, now);
  }
  void round_ended() override {
    const auto now = Clock::now();
    while (!repeats_.empty() && repeats_.top().at <= now) {
      const Repeat due = repeats_.top();
      repeats_.pop();
      if (stations_[due.connection].waits && stations_[due.connection].number == due.number) {
        ++repeated_;
        send(due.connection, due.attempt, now);
      }
    }
  }

  Clock::time_point await() {
    if (!done_.await(patience)) {
      throw std::runtime_error("only " + std::to_string(received_.load()) + " receipts came in time");
    }
    return last_;
  }
  std::size_t repeated() const { return repeated_.load(); }
  std::size_t superfluous() const { return superfluous_.load(); }

 private:
  struct Station {
    std::size_t next = 0;
    std::size_t number = 0;
    bool waits = false;
  };
  struct Repeat {
    Clock::time_point at;
    std::size_t connection;
    std::size_t number;
    unsigned attempt;
    friend bool operator<(const Repeat& left, const Repeat& right) { return left.at > right.at; }
  };

  void send_next(std::size_t connection, Clock::time_point now) {
    if (asked_ < total_) {
      ++asked_;
      Station& station = stations_[connection];
      station.number = station.next++;
      station.waits = true;
      send(connection, 0, now);
    }
  }
  void send(std::size_t connection, unsigned attempt, Clock::time_point now) {
    constexpr double first_s = 5;
    constexpr double longest_s = 300;
    const std::size_t number = stations_[connection].number;
    fleet_.publish(connection, answers_.make(connection, number));
    const double after_s = std::min(longest_s, first_s * static_cast<double>(1U << attempt)) * jitter_(random_);
    const auto after = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(after_s));
    repeats_.push({now + after, connection, number, attempt + 1});
  }

  MqttFleet& fleet_;
  const Answers& answers_;
  const std::size_t total_;
  std::vector<Station> stations_;
  std::priority_queue<Repeat> repeats_;
  std::minstd_rand random_{7};
  std::uniform_real_distribution<double> jitter_{0.8, 1.2};
  std::size_t asked_ = 0;
  std::atomic<std::size_t> received_{0};
  std::atomic<std::size_t> repeated_{0};
  std::atomic<std::size_t> superfluous_{0};
  Milestone done_;
  Clock::time_point last_;
};

/// A broker, a directory and the connections of a crowd.
class Ground {
 public:
  explicit Ground(const Crowd& crowd);

  const Crowd& crowd() const { return crowd_; }
  MqttFleet& fleet() { return *fleet_; }
  const test::Mosquitto& broker() const { return mosquitto_; }
  const test::Identity& daemon() const { return daemon_; }
  std::unique_ptr<SystemUnderTest> system();
  std::string release(SystemUnderTest& system) { return system.release(report_).alert.value; }

 private:
  Crowd crowd_;
  TemporaryFolder folder_;
  test::Mosquitto mosquitto_;
  test::Identity daemon_ = mosquitto_.service(daemon_name);
  core::Report report_ = sample_report(division, centre);
  std::unique_ptr<MqttFleet> fleet_;
};

Ground::Ground(const Crowd& crowd) : crowd_(crowd) {
  const mqtt::Topics topics("tuanyuan/v1");
  std::string rules = mqtt::acl_rules_for_all(topics, daemon_name + ".service");
  std::vector<core::Recipient> recipients;
  std::vector<FleetMember> members;
  for (std::size_t i = 0; i < crowd.connections; ++i) {
    for (std::size_t n = 0; n < crowd.recipients_each; ++n) {
      recipients.push_back(make_recipient(i, n));
    }
    mqtt::append_acl_rules(make_recipient(i, 0), topics, rules);
    FleetMember member;
    member.client_id = connection_id(i);
    member.certificate = mosquitto_.issue_recipient(member.client_id);
    member.filters = {base + "receipts/" + member.client_id};
    members.push_back(std::move(member));
  }
  mosquitto_.write_acl(rules);
  mosquitto_.start();
  make_ledger(folder_.file("directory.sqlite"), recipients);
  fleet_ = std::make_unique<MqttFleet>(mosquitto_.port(), mosquitto_.ca(), members);
}

std::unique_ptr<SystemUnderTest> Ground::system() {
  for (const char* end : {"", "-wal", "-shm", ".lock"}) {
    std::filesystem::remove(folder_.file(std::string("run.sqlite") + end));
  }
  std::filesystem::copy_file(folder_.file("directory.sqlite"), folder_.file("run.sqlite"));
  mqtt::Settings settings;
  settings.uri = mosquitto_.uri();
  settings.ca_file = mosquitto_.ca_file();
  settings.certificate_file = daemon_.certificate;
  settings.key_file = daemon_.key;
  return std::make_unique<SystemUnderTest>(folder_.file("run.sqlite"), settings);
}

double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

template <class Script>
Clock::time_point start(MqttFleet& fleet, Script& script) {
  fleet.follow(&script);
  Clock::time_point begun;
  fleet.run([&] {
    begun = Clock::now();
    script.start();
  });
  return begun;
}

/// A receipt of the size that the daemon's have.
std::string sample_receipt() {
  v1::Receipt receipt;
  receipt.set_alert_id(no_alert);
  receipt.set_revision(1);
  receipt.set_recipient_id(recipient_id(10, 10));
  receipt.set_kind(kinds[0]);
  receipt.mutable_recorded_at()->set_seconds(1'795'000'000);
  receipt.mutable_recorded_at()->set_nanos(123'000'000);
  receipt.set_result(v1::Receipt::RECORDED);
  return receipt.SerializeAsString();
}

struct Durable {
  double rate = 0;
  double group = 0;
};

Durable durable_ours(Ground& ground) {
  const auto system = ground.system();
  const Answers answers(ground.release(*system), true);
  const auto before = system->answers();
  Flood flood(ground.fleet(), ground.crowd(), answers);
  const auto begun = start(ground.fleet(), flood);
  const auto last = system->await_answers(ground.crowd().answers(), patience);
  const auto after = system->answers();
  ground.fleet().follow(nullptr);
  Durable durable;
  durable.rate = static_cast<double>(ground.crowd().answers()) / seconds_between(begun, last);
  durable.group = static_cast<double>(ground.crowd().answers()) /
                  static_cast<double>(std::max<std::uint64_t>(1, after.transactions - before.transactions));
  return durable;
}

double consumed_bare(Ground& ground) {
  BarePaho bare(ground.broker(), ground.daemon(), BarePaho::Does::nothing);
  const Answers answers(no_alert, true);
  Flood flood(ground.fleet(), ground.crowd(), answers);
  const auto begun = start(ground.fleet(), flood);
  const auto last = bare.await(ground.crowd().answers(), patience);
  ground.fleet().follow(nullptr);
  return static_cast<double>(ground.crowd().answers()) / seconds_between(begun, last);
}

constexpr Crowd flood_crowd{100, 250};     // 100,000 answers
constexpr Crowd receipt_crowd{2'000, 50};  // up to 400,000
constexpr std::size_t stations = 1'000;    // of the closed loop; the others join for the overload
constexpr std::size_t receipts_a_run = 40'000;

std::vector<Figure> acks_durable() {
  const std::size_t runs = runs_wanted(runs_of_each);
  Ground ground(flood_crowd);
  Pairs pairs;
  std::vector<double> groups;
  for (std::size_t run = 0; run <= runs; ++run) {
    const Durable ours = durable_ours(ground);
    const double bare = consumed_bare(ground);
    progress("  ours " + std::to_string(ours.rate) + "/s in groups of " + std::to_string(ours.group) + ", bare " +
             std::to_string(bare) + "/s");
    if (run > 0) {
      pairs.ours.push_back(ours.rate);
      pairs.reference.push_back(bare);
      groups.push_back(ours.group);
    }
  }
  Figure figure;
  figure.bench = "acks_durable";
  figure.ours = median(pairs.ours);
  figure.reference = median(pairs.reference);
  figure.reference_is = "bare Paho C++ consumer of the same broker that stores nothing";
  figure.unit = "acknowledgements/s";
  figure.goal = Goal::ratio_at_least(0.6);
  figure.more = {{"group", median(groups)}};
  return {figure};
}

struct Receipted {
  double rate = 0;
  std::size_t repeated = 0;
  std::size_t superfluous = 0;
};

Receipted closed_loop(Ground& ground, const Answers& answers, std::size_t active, std::size_t total) {
  ClosedLoop loop(ground.fleet(), answers, active, total);
  const auto begun = start(ground.fleet(), loop);
  const auto last = loop.await();
  ground.fleet().follow(nullptr);
  return {static_cast<double>(total) / seconds_between(begun, last), loop.repeated(), loop.superfluous()};
}

Receipted receipted_ours(Ground& ground, std::size_t active, std::size_t total) {
  const auto system = ground.system();
  const Answers answers(ground.release(*system), false);
  return closed_loop(ground, answers, active, total);
}

double answered_bare(Ground& ground) {
  BarePaho bare(ground.broker(), ground.daemon(), BarePaho::Does::answers, sample_receipt());
  const Answers answers(no_alert, false);
  return closed_loop(ground, answers, stations, receipts_a_run).rate;
}

std::vector<Figure> acks_receipted() {
  const std::size_t runs = runs_wanted(runs_of_each);
  Pairs closed;
  std::vector<double> consumed;
  Ground flood(flood_crowd);
  Ground loop(receipt_crowd);
  for (std::size_t run = 0; run <= runs; ++run) {
    const double ours = receipted_ours(loop, stations, receipts_a_run).rate;
    const double answering = answered_bare(loop);
    const double consuming = consumed_bare(flood);
    progress("  ours " + std::to_string(ours) + "/s, bare answering " + std::to_string(answering) +
             "/s, bare consuming " + std::to_string(consuming) + "/s");
    if (run > 0) {
      closed.ours.push_back(ours);
      closed.reference.push_back(answering);
      consumed.push_back(consuming);
    }
  }
  Figure of_consumer;
  of_consumer.bench = "acks_receipted";
  of_consumer.ours = median(closed.ours);
  of_consumer.reference = median(consumed);
  of_consumer.reference_is = "bare Paho C++ consumer of the same broker that stores nothing";
  of_consumer.unit = "receipts/s";
  of_consumer.goal = Goal::ratio_at_least(0.2);
  Figure of_answerer = of_consumer;
  of_answerer.reference = median(closed.reference);
  of_answerer.reference_is =
      "bare Paho C++ consumer that publishes one answer for each message and stores nothing";
  of_answerer.goal = Goal::ratio_at_least(1);
  return {of_consumer, of_answerer};
}

std::vector<Figure> acks_overload() {
  const std::size_t runs = runs_wanted(runs_of_each);
  Ground ground(receipt_crowd);
  Pairs pairs;
  std::vector<double> repeats;
  std::vector<double> superfluous;
  for (std::size_t run = 0; run <= runs; ++run) {
    const Receipted load = receipted_ours(ground, stations, receipts_a_run);
    const Receipted twice = receipted_ours(ground, 2 * stations, 2 * receipts_a_run);
    progress("  load " + std::to_string(load.rate) + "/s, twice " + std::to_string(twice.rate) + "/s with " +
             std::to_string(twice.repeated) + " repeats");
    if (run > 0) {
      pairs.ours.push_back(twice.rate);
      pairs.reference.push_back(load.rate);
      repeats.push_back(static_cast<double>(twice.repeated));
      superfluous.push_back(static_cast<double>(twice.superfluous));
    }
  }
  Figure figure;
  figure.bench = "acks_overload";
  figure.ours = median(pairs.ours);
  figure.reference = median(pairs.reference);
  figure.reference_is = "the same with half as many stations, each with one answer outstanding";
  figure.unit = "receipts/s";
  figure.goal = Goal::ratio_at_least(0.8);
  figure.more = {{"stations", 2.0 * stations},
                 {"answers", 2.0 * receipts_a_run},
                 {"repeats", median(repeats)},
                 {"superfluous_receipts", median(superfluous)}};
  return {figure};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  using namespace tuanyuan::bench;
  return run_benches(
      argc, argv,
      {{"acks_durable", acks_durable}, {"acks_receipted", acks_receipted}, {"acks_overload", acks_overload}});
}
