// Five gateways, of which one is slow and one dead: what that costs the other three.
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>

#include "bench/bench.hpp"
#include "bench/stand_in_gateway.hpp"
#include "bench/system_under_test.hpp"
#include "bench/temporary_folder.hpp"

namespace tuanyuan::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t runs_of_each = 7;
constexpr std::size_t recipients_of_each = 2'000;
constexpr std::uint32_t in_flight = 32;  ///< of each gateway, as is usual
constexpr std::chrono::seconds patience{60};
constexpr core::Division division{210'102};
constexpr core::Position centre{41.80, 123.43};

struct Kind {
  core::ChannelKind channel;
  StandInGateways::AnswersAfter answers_after;
  bool is_well;
};
const std::array<Kind, 5> kinds = {{{core::ChannelKind::ntfy, 30ms, true},
                                    {core::ChannelKind::wecom, 30ms, true},
                                    {core::ChannelKind::feishu, 30ms, true},
                                    {core::ChannelKind::dingtalk, 5s, false},
                                    {core::ChannelKind::webhook, std::nullopt, false}}};

std::vector<StandInGateways::AnswersAfter> times() {
  std::vector<StandInGateways::AnswersAfter> all;
  for (const Kind& kind : kinds) {
    all.push_back(kind.answers_after);
  }
  return all;
}

class Ground {
 public:
  Ground() {
    make_ledger(folder_.file("all.sqlite"), recipients(true));
    make_ledger(folder_.file("well.sqlite"), recipients(false));
  }

  /// Milliseconds from the release's commit to the last answer, for each that is well.
  std::vector<double> measure(bool with_the_others) const;

 private:
  std::vector<core::Recipient> recipients(bool with_the_others) const;
  app::GatewaysConfig config() const;
  std::string address(std::size_t kind, std::size_t index) const;

  StandInGateways servers_{times()};
  TemporaryFolder folder_;
  core::Report report_ = sample_report(division, centre);
};

/// Of a webhook all are at one receiver, as behind a platform's gateway.
std::string Ground::address(std::size_t kind, std::size_t index) const {
  const std::string base = "http://127.0.0.1:" + std::to_string(servers_.port(kind)) + "/";
  return base + std::to_string(index);
}

std::vector<core::Recipient> Ground::recipients(bool with_the_others) const {
  std::vector<core::Recipient> all;
  for (std::size_t index = 0; index < recipients_of_each * kinds.size(); ++index) {
    const std::size_t kind = index % kinds.size();
    if (!kinds[kind].is_well && !with_the_others) {
      continue;
    }
    core::Recipient& one = all.emplace_back();
    one.id = core::RecipientId("g" + std::to_string(index));
    one.name = "某组";
    one.category = core::Category::volunteer_group;
    one.audience = core::Audience::partner;
    one.division = division;
    one.position = centre;
    one.endpoints = {{kinds[kind].channel, address(kind, index), ""}};
  }
  return all;
}

/// Without the vendors' quotas: of those each has its own.
app::GatewaysConfig Ground::config() const {
  app::GatewaysConfig config;
  config.allowed_addresses = {"127.0.0.0/8"};
  for (const Kind& kind : kinds) {
    app::GatewayConfig& gateway = config.each.at(kind.channel);
    gateway.enabled = true;
    gateway.in_flight = in_flight;
    gateway.lane = core::RatePolicy();
  }
  return config;
}

std::vector<double> Ground::measure(bool with_the_others) const {
  const TemporaryFolder run;
  std::filesystem::copy_file(folder_.file(with_the_others ? "all.sqlite" : "well.sqlite"), run.file("run.sqlite"));
  SystemUnderTest system(run.file("run.sqlite"), config());
  const SystemUnderTest::Released released = system.release(report_);
  std::vector<core::ChannelKind> well;
  for (const Kind& kind : kinds) {
    if (kind.is_well) {
      well.push_back(kind.channel);
    }
  }
  system.await_accepted(well, recipients_of_each, patience);
  std::vector<double> took;
  for (std::size_t kind = 0; kind < well.size(); ++kind) {  // they come first
    const auto last = servers_.last_answer(kind);
    took.push_back(std::chrono::duration<double, std::milli>(last - released.committed).count());
  }
  return took;
}

std::vector<Figure> slow_gateways() {
  const Ground ground;
  std::vector<std::vector<double>> with(kinds.size());
  std::vector<std::vector<double>> without(kinds.size());
  const auto run = [&ground](bool with_the_others, std::vector<std::vector<double>>& all) {
    const std::vector<double> took = ground.measure(with_the_others);
    for (std::size_t at = 0; at < took.size(); ++at) {
      all[at].push_back(took[at]);
    }
    return *std::max_element(took.begin(), took.end());
  };
  interleave(
      runs_wanted(runs_of_each), [&] { return run(true, with); }, [&] { return run(false, without); });
  std::vector<Figure> figures;
  for (std::size_t at = 0; at < kinds.size() && kinds[at].is_well; ++at) {
    Figure& figure = figures.emplace_back();
    figure.bench = "slow_gateways";
    figure.ours = median(with[at]);
    figure.reference = median(without[at]);
    figure.reference_is =
        std::string(core::to_string(kinds[at].channel)) + " without the slow and the dead gateway beside it";
    figure.unit = "ms to the last answer";
    figure.goal = Goal::ratio_at_most(1.05);
    figure.more = {{"ours_min", *std::min_element(with[at].begin(), with[at].end())},
                   {"ours_max", *std::max_element(with[at].begin(), with[at].end())},
                   {"reference_min", *std::min_element(without[at].begin(), without[at].end())},
                   {"reference_max", *std::max_element(without[at].begin(), without[at].end())}};
  }
  return figures;
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  return tuanyuan::bench::run_benches(argc, argv, {{"slow_gateways", tuanyuan::bench::slow_gateways}});
}
