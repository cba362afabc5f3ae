#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>
#include <vector>

#include "engine/case_service.hpp"
#include "engine/scorebook.hpp"
#include "engine/world.hpp"
#include "ports/exercise_desk.hpp"

namespace tuanyuan::engine {

/// How often the schedules are looked at. Wall time may be stepped in between.
inline constexpr core::Duration exercise_tick = std::chrono::seconds(1);

/// Begins planned exercises at their times, and tells how they went. What is due is told by the journal alone: a
/// time for which there is a report was begun, whatever happened since. The timekeeper closes them.
class Exercises final : public ports::ExerciseDesk {
 public:
  Exercises(World& world, CaseService& cases) : world_(world), cases_(cases), scorebook_(world) {}

  /// Runs until cancelled.
  boost::asio::awaitable<void> run();
  /// Whether there is anything to run for.
  bool concerned() const;
  /// Why an exercise that is due does not begin; empty: none is, or it has begun.
  const std::string& put_off() const { return put_off_; }
  boost::asio::awaitable<void> refresh_gauges();

  Answer<ports::Listed<ports::ExerciseView>> exercises(core::Caller caller, ports::Page page) override;
  Answer<ports::Listed<ports::RecipientScore>> scores(core::Caller caller, core::AlertId id,
                                                      ports::Page page) override;
  Answer<ports::ExerciseView> start(core::Caller caller, std::string name, ports::Idempotency once) override;

 private:
  const core::ExercisePlan* plan_of(const std::string& name) const;
  /// Ordered and neither released nor rejected, oldest first.
  std::vector<core::AlertId> waiting() const;
  std::map<std::string, std::vector<core::Instant>> begun() const;
  bool under_way() const;
  std::string obstacle(const core::ExercisePlan& plan, core::Instant last_seen_at) const;
  void say_put_off(std::string why);
  boost::asio::awaitable<std::string> turn();
  boost::asio::awaitable<std::string> go_on(core::AlertId id);
  boost::asio::awaitable<std::string> begin(core::ExercisePlan plan, core::Instant due_at);
  Answer<std::vector<ports::RecipientScore>> named(std::vector<ScoreLine> lines);
  /// Exercises that were released, the latest first.
  std::vector<const CaseFile*> released() const;

  World& world_;
  CaseService& cases_;
  Scorebook scorebook_;
  std::string put_off_;
  bool starting_ = false;  ///< one is being submitted
};

}  // namespace tuanyuan::engine
