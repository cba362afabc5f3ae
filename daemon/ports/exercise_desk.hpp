#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/caller.hpp"
#include "core/case.hpp"
#include "core/exercise_score.hpp"
#include "core/refusal.hpp"
#include "core/time.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::ports {

/// One exercise and how it went, so far.
struct ExerciseView {
  core::AlertId alert_id;
  std::string name;  ///< of the plan; empty: an officer released it
  core::AlertState state = core::AlertState::none;
  core::Instant begun;
  std::optional<core::Instant> ended;
  std::uint32_t expected = 0;
  std::uint32_t received = 0;
  std::uint32_t displayed = 0;
  std::uint32_t confirmed = 0;
  std::uint32_t removed = 0;
  std::uint32_t scored = 0;          ///< of how many anything can be judged
  std::optional<double> mean_score;  ///< of these
  std::map<std::string, double> by_category;
};

struct RecipientScore {
  core::RecipientId id;
  std::string name;
  core::Category category = core::Category::police_station;
  core::ExerciseScore score;
  core::UnableReason unable = core::UnableReason::none;
};

/// Exercises and their scores. Loop thread.
class ExerciseDesk {
 public:
  template <class T>
  using Answer = boost::asio::awaitable<core::Result<T>>;

  virtual ~ExerciseDesk() = default;

  /// The latest first.
  virtual Answer<Listed<ExerciseView>> exercises(core::Caller caller, Page page) = 0;
  virtual Answer<Listed<RecipientScore>> scores(core::Caller caller, core::AlertId id, Page page) = 0;
  /// Begins a planned exercise now. Refused with a conflict while another one is under way, or an alert that is
  /// meant is out for any of its recipients.
  virtual Answer<ExerciseView> start(core::Caller caller, std::string name, Idempotency once) = 0;
};

}  // namespace tuanyuan::ports
