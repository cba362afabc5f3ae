#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "core/notice.hpp"
#include "engine/documents.hpp"
#include "ports/poster_desk.hpp"
#include "ports/posters.hpp"

namespace tuanyuan::engine {

/// How long a caller waits for a drawing, those before it included. What takes longer is drawn to its end all the
/// same, and dropped.
inline constexpr std::chrono::milliseconds poster_ms_max{20'000};

/// The desk for paper. Reads the copy in force, says what of it is to be drawn, has it drawn in a pool of its own,
/// so that posters never wait before a report's photo or the other way round, and looks once more whether it is
/// still in force before it lets the drawing out.
class PosterService final : public ports::PosterDesk {
 public:
  /// All of it outlives this. `pool`: how many are drawn at once, and how many wait for that.
  PosterService(World& world, ports::Posters& posters, runtime::BlockingPool& pool)
      : world_(world), documents_(world), posters_(posters), pool_(pool) {}

  Answer<ports::Poster> poster(core::Caller caller, core::AlertId id, ports::PosterOptions options) override;

 private:
  /// A copy that may be put on paper, and of which version it is.
  struct Found {
    core::Notice notice;
    std::shared_ptr<const core::Photo> photo;
    core::Audience audience = core::Audience::public_;
    core::Version version;
  };
  Answer<Found> find(core::Caller caller, core::AlertId id, ports::PosterOptions options);
  bool still_in_force(const core::AlertId& id, const Found& found);
  Answer<std::string> drawn(ports::PosterContent content, ports::PosterForm form);
  Answer<std::string> written(const Found& found, const core::LanguageTemplates& language,
                              const ports::PosterOptions& options);

  World& world_;
  Documents documents_;
  ports::Posters& posters_;
  runtime::BlockingPool& pool_;
};

}  // namespace tuanyuan::engine
