// From the release's commit to the last connected subscriber, beside a bare publisher of the same bytes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "adapters/mqtt/acl.hpp"
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

constexpr std::size_t runs_of_each = 15;
constexpr std::size_t warm_up_runs = 1;
constexpr std::chrono::seconds patience{120};
constexpr std::chrono::milliseconds quiet{150};
constexpr core::Position centre{41.80, 123.43};
const std::string base = "tuanyuan/v1/";
const std::string daemon_name = "tuanyuand";

core::Division division(std::size_t index) {
  constexpr std::size_t counties = 20;
  return core::Division{static_cast<std::uint32_t>(210'000 + (index / counties + 1) * 100 + index % counties + 1)};
}

/// Eight partners of ten, a police station, and one of the public's; within some 70 km of the place.
core::Recipient recipient(std::size_t index, std::size_t divisions) {
  core::Recipient one;
  one.id = core::RecipientId("s" + std::to_string(index));
  one.name = "某站";
  one.category = core::Category::railway_station;
  one.audience = index % 10 == 0   ? core::Audience::police
                 : index % 10 == 1 ? core::Audience::public_
                                   : core::Audience::partner;
  one.division = division(index % divisions);
  one.position = core::Position{centre.latitude + static_cast<double>(index % 101) * 0.005 - 0.25,
                                centre.longitude + static_cast<double>(index % 97) * 0.008 - 0.4};
  return one;
}

/// Half of them read protobuf, half JSON.
bool reads_json(std::size_t index) {
  return index / 10 % 2 == 1;
}

std::string place(const core::Recipient& one) {
  return std::string(core::topic_name(one.audience)) + "/" + core::to_string(one.division) + "/";
}

/// As a station subscribes.
std::vector<std::string> filters(const core::Recipient& one, bool json) {
  const std::string under = base + (json ? "json/" : "");
  return {base + "keys", base + "receipts/" + one.id.value, under + "direct/" + one.id.value + "/#",
          under + "notices/" + place(one) + "+"};
}

/// Sees the notices arrive, and keeps one of each kind.
class Watch final : public MqttFleet::Script {
 public:
  explicit Watch(std::size_t members) : seen_(members, 0) {}

  /// Fleet's thread, by MqttFleet::run.
  void arm() {
    ++round_;
    left_ = seen_.size();
    complete_.reset();
  }
  void arrived(std::size_t member, const mqtt5::Publish& message) override {
    ++arrived_;
    if (message.payload.empty() || message.topic.find("/notices/") == std::string::npos) {
      return;
    }
    // A station of one kind stands for all: the bytes of an audience and encoding are the same everywhere.
    const std::string kind = message.topic.substr(0, message.topic.find('/', message.topic.find("/notices/") + 9));
    kinds_.insert_or_assign(kind, message);
    if (seen_[member] != round_) {
      seen_[member] = round_;
      if (--left_ == 0) {
        last_ = Clock::now();
        complete_.reach();
      }
    }
  }

  /// Any thread.
  Clock::time_point await() {
    if (!complete_.await(patience)) {
      throw std::runtime_error("not every subscriber had the notice in time");
    }
    return last_;
  }
  std::uint64_t count() const { return arrived_.load(); }
  const std::map<std::string, mqtt5::Publish>& kinds() const { return kinds_; }

 private:
  std::vector<std::uint64_t> seen_;
  std::uint64_t round_ = 0;
  std::size_t left_ = 0;
  Clock::time_point last_;
  Milestone complete_;
  std::atomic<std::uint64_t> arrived_{0};
  std::map<std::string, mqtt5::Publish> kinds_;
};

/// Nothing to be done with what comes to a publisher.
std::vector<FleetMember> alone(const test::Identity& identity) {
  const auto read = [](const std::string& file) {
    std::string text(std::filesystem::file_size(file), '\0');
    std::FILE* stream = std::fopen(file.c_str(), "rb");
    const std::size_t got = std::fread(text.data(), 1, text.size(), stream);
    std::fclose(stream);
    text.resize(got);
    return text;
  };
  FleetMember member;
  member.client_id = "bare";
  member.certificate.certificate = read(identity.certificate);
  member.certificate.key = read(identity.key);
  return {member};
}

class Fanout {
 public:
  Fanout(std::size_t subscribers, std::size_t divisions);
  Figure measure();

 private:
  double ours();
  double reference();
  double paho_reference();
  void settle();
  void clear(MqttFleet& publisher);
  std::vector<std::string> topics(const std::string& kind) const;
  std::vector<mqtt5::Publish> notices() const;
  mqtt::Settings broker_settings() const;

  std::size_t subscribers_;
  std::size_t divisions_;
  std::vector<core::Recipient> recipients_;
  TemporaryFolder folder_;
  test::Mosquitto mosquitto_;
  test::Identity daemon_ = mosquitto_.service(daemon_name);
  core::Report report_ = sample_report(division(0), centre);
  std::string alert_;
  Watch watch_;
  std::unique_ptr<MqttFleet> fleet_;
};

Fanout::Fanout(std::size_t subscribers, std::size_t divisions)
    : subscribers_(subscribers), divisions_(divisions), watch_(subscribers) {
  const mqtt::Topics topics("tuanyuan/v1");
  std::string rules = mqtt::acl_rules_for_all(topics, daemon_name + ".service");
  std::vector<FleetMember> members;
  for (std::size_t i = 0; i < subscribers; ++i) {
    recipients_.push_back(recipient(i, divisions));
    mqtt::append_acl_rules(recipients_[i], topics, rules);
    FleetMember member;
    member.client_id = recipients_[i].id.value;
    member.certificate = mosquitto_.issue_recipient(member.client_id);
    member.filters = filters(recipients_[i], reads_json(i));
    members.push_back(std::move(member));
  }
  mosquitto_.write_acl(rules);
  mosquitto_.start();
  make_ledger(folder_.file("directory.sqlite"), recipients_);
  fleet_ = std::make_unique<MqttFleet>(mosquitto_.port(), mosquitto_.ca(), members);
  fleet_->follow(&watch_);
}

mqtt::Settings Fanout::broker_settings() const {
  mqtt::Settings settings;
  settings.uri = mosquitto_.uri();
  settings.ca_file = mosquitto_.ca_file();
  settings.certificate_file = daemon_.certificate;
  settings.key_file = daemon_.key;
  return settings;
}

/// Until nothing has arrived for a while.
void Fanout::settle() {
  for (std::uint64_t before = watch_.count() + 1; before != watch_.count();) {
    before = watch_.count();
    std::this_thread::sleep_for(quiet);
  }
}

double Fanout::ours() {
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    if (file.path().filename().string().starts_with("run.")) {
      std::filesystem::remove(file.path());
    }
  }
  const std::filesystem::path ledger = folder_.file("run.sqlite");
  std::filesystem::copy_file(folder_.file("directory.sqlite"), ledger);
  SystemUnderTest system(ledger, broker_settings());
  settle();
  fleet_->run([this] { watch_.arm(); });
  const SystemUnderTest::Released released = system.release(report_);
  alert_ = released.alert.value;
  const auto last = watch_.await();
  system.await_accepted({core::ChannelKind::mqtt}, divisions_ * core::audience_count * 2, patience);
  return std::chrono::duration<double, std::milli>(last - released.committed).count();
}

std::vector<std::string> Fanout::topics(const std::string& kind) const {
  std::vector<std::string> all;
  for (const core::Audience audience : core::all_audiences) {
    for (std::size_t i = 0; i < divisions_; ++i) {
      all.push_back(base + kind + std::string(core::topic_name(audience)) + "/" + core::to_string(division(i)) +
                    "/" + alert_);
    }
  }
  return all;
}

/// What the daemon published, photos apart: every topic in both encodings.
std::vector<mqtt5::Publish> Fanout::notices() const {
  std::vector<mqtt5::Publish> all;
  for (std::size_t i = 0; i < divisions_; ++i) {
    for (const auto& [kind, sample] : watch_.kinds()) {
      mqtt5::Publish message = sample;
      message.topic = kind + "/" + core::to_string(division(i)) + "/" + alert_;
      message.retain = true;
      all.push_back(std::move(message));
    }
  }
  if (all.size() != divisions_ * core::audience_count * 2) {
    throw std::runtime_error("not every audience was heard in both encodings");
  }
  return all;
}

double Fanout::reference() {
  MqttFleet publisher(mosquitto_.port(), mosquitto_.ca(), alone(daemon_));
  const std::vector<mqtt5::Publish> messages = notices();
  clear(publisher);
  fleet_->run([this] { watch_.arm(); });
  Clock::time_point begun;
  publisher.run([&] {
    begun = Clock::now();
    for (const mqtt5::Publish& message : messages) {
      publisher.publish(0, message);
    }
  });
  const auto last = watch_.await();
  settle();
  clear(publisher);
  return std::chrono::duration<double, std::milli>(last - begun).count();
}

double Fanout::paho_reference() {
  const std::vector<mqtt5::Publish> messages = notices();
  PahoPublisher publisher(mosquitto_, daemon_);
  fleet_->run([this] { watch_.arm(); });
  const auto begun = Clock::now();
  publisher.publish(messages);
  const auto last = watch_.await();
  publisher.settle();
  settle();
  return std::chrono::duration<double, std::milli>(last - begun).count();
}

/// The broker as if nothing had been: the next run must not meet what this one left.
void Fanout::clear(MqttFleet& publisher) {
  publisher.run([&] {
    for (const char* kind : {"notices/", "json/notices/", "photos/"}) {
      for (std::string& topic : topics(kind)) {
        mqtt5::Publish message;
        message.topic = std::move(topic);
        message.retain = true;
        publisher.publish(0, std::move(message));
      }
    }
  });
  settle();
}

Figure Fanout::measure() {
  const std::size_t runs = runs_wanted(runs_of_each);
  Pairs pairs;
  for (std::size_t run = 0; run < warm_up_runs + runs; ++run) {
    const double mine = ours();
    const double paho = paho_reference();
    const double bare = reference();
    progress("  " + std::to_string(divisions_) + " divisions: ours " + std::to_string(mine) + " ms, bare " +
             std::to_string(bare) + " ms, bare Paho " + std::to_string(paho) + " ms");
    if (run >= warm_up_runs) {
      pairs.ours.push_back(mine);
      pairs.reference.push_back(bare);
    }
  }
  Figure figure;
  figure.bench = "fanout_" + std::to_string(subscribers_);
  figure.ours = median(pairs.ours);
  figure.reference = median(pairs.reference);
  figure.reference_is = "bare publisher of the same bytes to the same topics in both encodings, same subscribers";
  figure.unit = "ms";
  figure.goal = Goal::ratio_at_most(subscribers_ >= 10'000 ? 1.25 : 1.5);
  figure.more = {{"divisions", static_cast<double>(divisions_)},
                 {"ours_min", *std::min_element(pairs.ours.begin(), pairs.ours.end())},
                 {"ours_max", *std::max_element(pairs.ours.begin(), pairs.ours.end())},
                 {"reference_min", *std::min_element(pairs.reference.begin(), pairs.reference.end())},
                 {"reference_max", *std::max_element(pairs.reference.begin(), pairs.reference.end())}};
  return figure;
}

std::vector<Figure> fanout(std::size_t subscribers) {
  std::vector<Figure> figures;
  for (const std::size_t divisions : {std::size_t{1}, std::size_t{500}}) {
    figures.push_back(Fanout(subscribers, divisions).measure());
  }
  return figures;
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  using namespace tuanyuan::bench;
  return run_benches(
      argc, argv,
      {{"fanout_1000", [] { return fanout(1'000); }}, {"fanout_10000", [] { return fanout(10'000); }}});
}
