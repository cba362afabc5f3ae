// A request that comes twice at once under one key: neither is refused for what the other has done.
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include "engine/fixture.hpp"

namespace tuanyuan::engine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Each;
using ::testing::SizeIs;

/// What is asked, and at which of the readings that it takes its repeat comes, and is carried out to its end.
class RepeatAtOnce : public EngineTest, public ::testing::WithParamInterface<std::tuple<const char*, int>> {
 protected:
  void SetUp() override {
    report = *submit();
    if (asked() == "release") {
      preview_token = run(engine->cases().preview(releaser, report.id, {}))->preview_token;
    } else if (asked() != "reject") {
      ASSERT_TRUE(release(report.id));
      run_for(seconds(5));
    }
    if (asked() == "resume") {
      ASSERT_TRUE(run(engine->cases().suspend(releaser, report.alert_id, partners(), {})));
    }
    restart();  // so that there is something to be read
  }
  static std::string asked() { return std::get<0>(GetParam()); }
  static ports::SuspendOptions partners() {
    ports::SuspendOptions options;
    options.audiences = {core::Audience::partner};
    options.reason = core::SuspendReason::leads_held;
    return options;
  }

  void ask() {
    ports::CaseDesk& cases = engine->cases();
    const ports::Idempotency once("k", "digest");
    ports::ReleaseOptions as_previewed;
    as_previewed.preview_token = preview_token;
    ports::CircleOptions hold;
    hold.hold = true;
    hold.reason = "锁定";
    const std::map<std::string, std::function<void()>> calls = {
        {"release", [&] { begin(cases.release(releaser, report.id, as_previewed, once)); }},
        {"reject", [&] { begin(cases.reject(releaser, report.id, "误报", once)); }},
        {"hold", [&] { begin(cases.circle(releaser, report.alert_id, hold, once)); }},
        {"suspend", [&] { begin(cases.suspend(releaser, report.alert_id, partners(), once)); }},
        {"resume", [&] { begin(cases.resume(releaser, report.alert_id, partners(), once)); }},
        {"close", [&] { begin(cases.close(releaser, report.alert_id, found(), once)); }},
        {"retract", [&] { begin(cases.retract(releaser, report.alert_id, "误发", once)); }},
    };
    calls.at(asked())();
  }
  template <class View>
  void begin(boost::asio::awaitable<core::Result<View>> call) {
    boost::asio::co_spawn(context, std::move(call), [this](std::exception_ptr, core::Result<View> outcome) {
      outcomes.emplace_back(outcome ? "done" : core::problem_name(outcome.error().code));
    });
  }

  ports::ReportView report;
  std::string preview_token;
  std::vector<std::string> outcomes;
};

TEST_P(RepeatAtOnce, UnderOneKeyThenBothAreAnsweredAsDone) {
  int readings = 0;
  bool repeated = false;
  memory->faults.read_fails = [&] {
    if (readings++ == std::get<1>(GetParam())) {
      repeated = true;
      ask();
      for (int turn = 0; turn < 1'000 && outcomes.empty(); ++turn) {
        context.poll_one();
      }
    }
    return false;
  };
  ask();
  clock.run_until([&] { return outcomes.size() == (repeated ? 2U : 1U); }, minutes(1));
  memory->faults = {};
  EXPECT_THAT(outcomes, SizeIs(repeated ? 2 : 1));
  EXPECT_THAT(outcomes, Each("done"));
  EXPECT_TRUE(repeated || std::get<1>(GetParam()) > 0) << "each reads something";
}

INSTANTIATE_TEST_SUITE_P(Calls, RepeatAtOnce,
                         ::testing::Combine(::testing::Values("release", "reject", "hold", "suspend", "resume",
                                                              "close", "retract"),
                                            ::testing::Range(0, 10)),
                         [](const auto& call) {
                           return std::string(std::get<0>(call.param)) + "AtReading" +
                                  std::to_string(std::get<1>(call.param));
                         });

}  // namespace
}  // namespace tuanyuan::engine
