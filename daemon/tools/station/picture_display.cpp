#include "tools/station/picture_display.hpp"

#include <boost/asio/co_spawn.hpp>
#include <charconv>
#include <exception>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "adapters/crypto/files.hpp"
#include "adapters/drawing/documents.hpp"
#include "core/backoff.hpp"
#include "core/poster_text.hpp"
#include "runtime/event.hpp"
#include "tools/station/kept_pictures.hpp"
#include "tools/station/random.hpp"
#include "tools/station/rotation.hpp"

namespace tuanyuan::station {
namespace {

constexpr const char* no_room = "what is essential finds no room";
constexpr std::size_t queued_max = 1;  // one picture is made at a time
/// A full disk or a share that is away: looked at again soon, because a recall may wait for it.
constexpr core::BackoffPolicy write_backoff{core::Duration(1'000), core::Duration(30'000), core::Jitter::equal};

drawing::Pixels pixels(PictureSize size) {
  return {size.width, size.height};
}

using Picture = KeptPictures::Picture;

Picture idle_picture(PictureSize size) {
  return std::make_shared<const drawing::DisplayPicture>(
      drawing::DisplayPicture{drawing::idle_png(pixels(size)), true});
}

void put(const std::string& file, std::string_view png) {
  crypto::write_file(file, png, crypto::Access::everybody, crypto::Sync::no);
}

std::optional<int> edge(std::string_view text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool good = error == std::errc{} && stop == end && value >= drawing::picture_edge_pixels_min &&
                    value <= drawing::picture_edge_pixels_max;
  return good ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<PictureSize> parse_picture_size(std::string_view text) {
  const std::size_t cross = text.find('x');
  if (cross == std::string_view::npos) {
    return std::nullopt;
  }
  const std::optional<int> width = edge(text.substr(0, cross));
  const std::optional<int> height = edge(text.substr(cross + 1));
  return width && height ? std::optional(PictureSize{*width, *height}) : std::nullopt;
}

std::string picture_size_rule() {
  return "WIDTHxHEIGHT in pixels, " + std::to_string(drawing::picture_edge_pixels_min) + " to " +
         std::to_string(drawing::picture_edge_pixels_max) + " each";
}

/// What is shown and who waits for what, and the one coroutine that brings the file up to date.
class PictureDisplay::Keeper final : public std::enable_shared_from_this<Keeper> {
 public:
  Keeper(boost::asio::any_io_executor executor, ports::Clock& clock, JournalLines& lines,
         runtime::BlockingPool& pool, PictureSettings settings)
      : clock_(clock),
        lines_(lines),
        pool_(pool),
        settings_(std::move(settings)),
        random_(settings_.seed),
        idle_(idle_picture(settings_.size)),
        changed_(executor),
        rotation_(picture_turn_ms) {
    put(settings_.file, idle_->png);
  }

  void show(const Show& what, std::function<void(Shown)> told) {
    // It is wanted again: that it is gone is not to be said.
    std::erase_if(leaving_, [&](const auto& leaving) { return leaving.first == what.notice->alert_id; });
    Item& item = items_[what.notice->alert_id];
    item.notice = what.notice;
    item.photo = what.photo;
    item.languages = core::shown_languages(*what.notice, settings_.languages);
    item.told = std::move(told);
    item.lacking.clear();
    item.said_unable = false;
    kept_.drop(what.notice->alert_id);
    rotation_.put(what.notice->alert_id, item.languages.size(), what.notice->version.revision);
    changed_.notify();
  }

  void take_down(const core::AlertId& alert, std::function<void()> gone) {
    items_.erase(alert);
    kept_.drop(alert);
    rotation_.remove(alert);
    leaving_.emplace_back(alert, std::move(gone));
    changed_.notify();
    say_gone();
  }

  void close() { closed_ = true; }

  /// Once nothing is drawn or written any more.
  void leave_nothing_behind() {
    if (rotation_.in_place().alert || at_work_on_) {
      try {
        put(settings_.file, idle_->png);
      } catch (const std::exception&) {
        lines_.line("picture-left-behind", {});
      }
    }
  }

  static boost::asio::awaitable<void> keep(std::shared_ptr<Keeper> self) {
    std::uint32_t failures = 0;
    while (!self->closed_) {
      const std::optional<Rotation::Turn> turn = self->rotation_.wanted(self->clock_.steady_now());
      if (!turn) {
        co_await self->idle_until_something_is_due();
        continue;
      }
      auto replacing = replace(self, *turn);
      const bool done = co_await std::move(replacing);
      failures = done ? 0 : failures + 1;
      if (!done && !self->closed_) {
        const auto at =
            self->clock_.steady_now() + core::backoff_delay(write_backoff, failures, split_mix(self->random_));
        co_await self->changed_.wait_until(self->clock_, at);
      }
    }
  }

 private:
  struct Item {
    std::shared_ptr<const core::Notice> notice;
    std::shared_ptr<const std::string> photo;
    std::vector<std::string> languages;
    std::set<std::size_t> lacking;    ///< languages that could not be drawn, or not with all that is essential
    std::function<void(Shown)> told;  ///< empty once it was displayed
    bool said_unable = false;
  };

  boost::asio::awaitable<void> idle_until_something_is_due() {
    const std::optional<ports::Clock::Steady> at = rotation_.turn_over();
    if (at) {
      co_await changed_.wait_until(clock_, *at);
    } else {
      co_await changed_.wait();
    }
  }

  /// Draws it and puts it in place. False: it could not be written, and is to be tried again. What cannot be drawn
  /// is passed over, and what is not wanted any more by the time it is drawn never gets there.
  static boost::asio::awaitable<bool> replace(std::shared_ptr<Keeper> self, Rotation::Turn turn) {
    self->at_work_on_ = turn.alert;
    auto drawing = draw(self, turn);
    const Made made = co_await std::move(drawing);
    bool is_in_place = false;
    std::string wrong;
    if (!self->closed_ && made.picture != nullptr && self->rotation_.is_current(turn)) {
      auto writing = write(self, made.picture);
      wrong = co_await std::move(writing);
      is_in_place = wrong.empty();
    }
    self->at_work_on_.reset();
    if (!self->closed_) {
      if (made.picture == nullptr) {
        self->not_drawn(turn);
      } else if (is_in_place) {
        self->placed(turn, made.picture->has_essentials);
      } else if (!wrong.empty()) {
        self->not_written(wrong);
      }
      self->say_gone();
    }
    co_return wrong.empty();
  }

  /// A picture, or why there is none.
  struct Made {
    Picture picture;
    std::string wrong;
  };

  static boost::asio::awaitable<Made> draw(std::shared_ptr<Keeper> self, Rotation::Turn turn) {
    Made made;
    made.picture = turn.alert ? self->kept_.find(turn) : self->idle_;
    if (made.picture != nullptr) {
      co_return made;
    }
    auto work = self->drawing_of(turn);
    auto working = self->pool_.run(std::move(work));
    std::optional<Made> drawn = co_await std::move(working);
    if (drawn) {
      made = std::move(*drawn);
    } else {
      made.wrong = "nothing was drawn";
    }
    if (!self->closed_ && self->rotation_.is_current(turn)) {
      self->drawn(turn, made);
    }
    co_return made;
  }

  std::function<Made()> drawing_of(const Rotation::Turn& turn) const {
    const Item& item = items_.at(*turn.alert);
    return [notice = item.notice, photo = item.photo, language = item.languages.at(turn.language),
            size = pixels(settings_.size), code = public_copy_of(*item.notice, settings_.copies),
            draw = settings_.draw] {
      Made made;
      try {
        ports::PosterContent content;
        content.text = core::poster_text(*notice, language);
        content.code = code;
        if (photo != nullptr) {
          content.photo.data = *photo;
        }
        made.picture = std::make_shared<const drawing::DisplayPicture>(draw(content, size));
      } catch (const std::exception& error) {
        made.wrong = error.what();
      }
      return made;
    };
  }

  /// Gives what went wrong; nothing: it is in place.
  static boost::asio::awaitable<std::string> write(std::shared_ptr<Keeper> self, Picture picture) {
    auto work = [file = self->settings_.file, picture = std::move(picture)] {
      std::string wrong;
      try {
        put(file, picture->png);
      } catch (const std::exception& error) {
        wrong = error.what();
      }
      return wrong;
    };
    auto working = self->pool_.run(std::move(work));
    const std::optional<std::string> wrong = co_await std::move(working);
    co_return wrong.value_or("nothing was written");
  }

  // What is said of how it went, once; of what is gone, by say_gone() -------------------------------------------

  void drawn(const Rotation::Turn& turn, const Made& made) {
    if (made.picture != nullptr) {
      kept_.keep(turn, made.picture);
    }
    if (made.picture == nullptr || !made.picture->has_essentials) {
      lines_.line("picture-failed", {{"alert_id", turn.alert->value},
                                     {"language", items_.at(*turn.alert).languages.at(turn.language)},
                                     {"reason", made.picture == nullptr ? made.wrong : no_room}});
    }
  }

  void placed(const Rotation::Turn& turn, bool has_essentials) {
    rotation_.placed(turn, clock_.steady_now());
    Item* item = current(turn);
    if (item == nullptr) {
      return;
    }
    if (!has_essentials) {
      lacks(*item, turn.language);
    } else if (item->told) {
      std::exchange(item->told, nullptr)(Shown{});
    }
  }

  void not_drawn(const Rotation::Turn& turn) {
    rotation_.failed(turn, clock_.steady_now());
    if (Item* item = current(turn)) {
      lacks(*item, turn.language);
    }
  }

  /// For as long as that is so, nobody's turn comes.
  void not_written(const std::string& wrong) {
    lines_.line("picture-failed", {{"reason", wrong}});
    std::vector<Item*> waiting;
    for (auto& [alert, item] : items_) {
      waiting.push_back(&item);
    }
    say_unable(waiting);
  }

  Item* current(const Rotation::Turn& turn) {
    const auto item = turn.alert ? items_.find(*turn.alert) : items_.end();
    return item != items_.end() && rotation_.is_current(turn) ? &item->second : nullptr;
  }

  /// Who does not read one language may read another: only where none is left it cannot be displayed.
  void lacks(Item& item, std::size_t language) {
    item.lacking.insert(language);
    if (item.lacking.size() == item.languages.size()) {
      say_unable({&item});
    }
  }

  static void say_unable(const std::vector<Item*>& items) {
    std::vector<std::function<void(Shown)>> tell;
    for (Item* item : items) {
      if (item->told && !std::exchange(item->said_unable, true)) {
        tell.push_back(item->told);  // kept there too: it may be displayed yet
      }
    }
    for (const std::function<void(Shown)>& told : tell) {
      told(Shown{core::AnswerKind::unable, core::UnableReason::equipment, std::nullopt, true});
    }
  }

  void say_gone() {
    std::vector<std::function<void()>> gone;
    std::erase_if(leaving_, [&](auto& leaving) {
      const bool is_there = rotation_.in_place().alert == leaving.first || at_work_on_ == leaving.first;
      if (!is_there) {
        gone.push_back(std::move(leaving.second));
      }
      return !is_there;
    });
    for (const std::function<void()>& say : gone) {
      say();
    }
  }

  ports::Clock& clock_;
  JournalLines& lines_;
  runtime::BlockingPool& pool_;
  PictureSettings settings_;
  std::uint64_t random_;
  Picture idle_;
  runtime::Notifier changed_;
  Rotation rotation_;
  KeptPictures kept_{kept_pictures_bytes_max};
  std::map<core::AlertId, Item> items_;
  std::vector<std::pair<core::AlertId, std::function<void()>>> leaving_;
  std::optional<core::AlertId> at_work_on_;
  bool closed_ = false;
};

PictureDisplay::PictureDisplay(boost::asio::any_io_executor executor, ports::Clock& clock, JournalLines& lines,
                               const PictureSettings& settings, std::size_t threads)
    : pool_(std::make_unique<runtime::BlockingPool>(threads, queued_max)),
      keeper_(std::make_shared<Keeper>(executor, clock, lines, *pool_, settings)) {
  if (settings.prints) {
    printed_.emplace(lines, false);
  }
  boost::asio::co_spawn(executor, Keeper::keep(keeper_), [](std::exception_ptr failure) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  });
}

PictureDisplay::~PictureDisplay() {
  keeper_->close();
  pool_.reset();  // what is being written there is written before what follows
  keeper_->leave_nothing_behind();
}

void PictureDisplay::show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) {
  if (printed_) {
    printed_->show(station, what, [](Shown) {});
  }
  keeper_->show(what, std::move(told));
}

void PictureDisplay::take_down(const core::RecipientId& station, const TakeDown& what,
                               std::function<void()> gone) {
  if (printed_) {
    printed_->take_down(station, what, [] {});
  }
  keeper_->take_down(what.alert_id, std::move(gone));
}

void PictureDisplay::sighting(const core::RecipientId& station, const ShowSighting& what) {
  if (printed_) {
    printed_->sighting(station, what);
  }
}

}  // namespace tuanyuan::station
