#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/drawing/documents.hpp"
#include "ports/clock.hpp"
#include "ports/posters.hpp"
#include "runtime/blocking_pool.hpp"
#include "tools/station/display.hpp"
#include "tools/station/journal_lines.hpp"
#include "tools/station/printing_display.hpp"
#include "tools/station/public_copy.hpp"

namespace tuanyuan::station {

/// How long a notice stays in the picture in one language, where there are several of either: to be read once from
/// afar.
inline constexpr std::chrono::milliseconds picture_turn_ms{10'000};

/// Of pictures that wait for their next turn: some fifty of full HD. What finds no room there is drawn anew each
/// time.
inline constexpr std::size_t kept_pictures_bytes_max = std::size_t{64} << 20;

struct PictureSize {
  int width = 0;
  int height = 0;
};
/// "1920x1080", within what is drawn; nothing: it is none.
std::optional<PictureSize> parse_picture_size(std::string_view text);
/// Which those are, for people.
std::string picture_size_rule();

struct PictureSettings {
  PictureSize size;
  std::string file;
  std::vector<std::string> languages;  ///< BCP 47, in turn; empty: all those of a notice
  PublicCopies copies;                 ///< where the code of an alert that has one leads
  std::uint64_t seed = 0;              ///< of the waits between two tries at a file that cannot be written
  bool prints = true;                  ///< a line for each; false: another display beside it does
  /// On the thread that draws; throws std::exception where there is no picture. Another one in tests.
  std::function<drawing::DisplayPicture(const ports::PosterContent&, drawing::Pixels)> draw = drawing::display_png;
};

/// Keeps a PNG of what must be shown now, for display controllers without a browser. The file is written beside
/// and renamed, so that whoever reads it sees one picture or the next, never a part. Several notices take turns,
/// and so do the languages of each, of which DISPLAYED needs one; nothing in force: an idle picture.
/// DISPLAYED is answered once a picture with all that is essential of the notice is in place, the take-down once
/// one without it is. A notice of which there is no such picture in any language is UNABLE (EQUIPMENT): shown as
/// far as it can be, or passed over for a turn, so that it holds up no other. A file that cannot be written is
/// UNABLE for all that are not displayed yet, and tried again; so is a take-down, for as long as it takes. What a
/// station that stops can no longer take down, it does not leave behind: the idle picture is put there. Loop
/// thread; drawn and written on a thread of its own.
class PictureDisplay final : public Display {
 public:
  /// Puts the idle picture in place: what an earlier run left there is not known to be in force. Throws
  /// std::runtime_error, naming the file, where it cannot be written. No `threads`: drawn on the loop itself, for
  /// tests.
  PictureDisplay(boost::asio::any_io_executor executor, ports::Clock& clock, JournalLines& lines,
                 const PictureSettings& settings, std::size_t threads = 1);
  ~PictureDisplay() override;

  void show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) override;
  void take_down(const core::RecipientId& station, const TakeDown& what, std::function<void()> gone) override;
  void sighting(const core::RecipientId& station, const ShowSighting& what) override;

 private:
  class Keeper;

  std::optional<PrintingDisplay> printed_;
  std::unique_ptr<runtime::BlockingPool> pool_;
  std::shared_ptr<Keeper> keeper_;  ///< shared with what runs when this is gone
};

}  // namespace tuanyuan::station
