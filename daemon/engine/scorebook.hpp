#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <vector>

#include "core/exercise_score.hpp"
#include "engine/world.hpp"
#include "ports/exercise_desk.hpp"

namespace tuanyuan::engine {

/// How many of the last exercises are listed and scored.
inline constexpr std::size_t exercises_kept_max = 12;
/// Of how many the scores of every recipient are kept; of the others they are reckoned again.
inline constexpr std::size_t score_sheets_kept_max = 2;
/// What is still going on is not reckoned anew more often than this.
inline constexpr core::Duration score_sheet_age_max = std::chrono::seconds(10);

/// One recipient's line in a score sheet, in the order of ordinals.
struct ScoreLine {
  core::Ordinal ordinal = 0;
  core::ExerciseScore score;
  core::UnableReason unable = core::UnableReason::none;
};
using ScoreSheet = std::shared_ptr<const std::vector<ScoreLine>>;

/// Scores exercises from what the ledger holds of them: who was expected since when, and the first answers. It
/// stores nothing of its own, so any exercise can be scored at any time, whoever released it.
class Scorebook {
 public:
  explicit Scorebook(World& world) : world_(world) {}

  /// `file` is of an exercise that was released.
  boost::asio::awaitable<core::Result<ports::ExerciseView>> view(const CaseFile& file);
  boost::asio::awaitable<core::Result<ScoreSheet>> sheet(const CaseFile& file);

 private:
  struct Page {
    std::uint32_t entries = 0;  ///< that the case had, and its answers
    std::uint64_t answers = 0;
    ports::Clock::Steady reckoned{};
    bool settled = false;  ///< nothing is open any more
    ports::ExerciseView view;
    ScoreSheet sheet;
  };
  bool is_fresh(const Page& page, const CaseFile& file, bool with_sheet) const;
  /// A copy: what is kept may be forgotten while others are being read.
  boost::asio::awaitable<core::Result<Page>> page(const CaseFile& file, bool with_sheet);
  void forget_old();

  World& world_;
  std::map<core::AlertId, Page> pages_;
};

}  // namespace tuanyuan::engine
