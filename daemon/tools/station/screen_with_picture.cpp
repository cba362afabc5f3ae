#include "tools/station/screen_with_picture.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace tuanyuan::station {

/// What page and picture say of one notice, put together. Shared with both, which may say it at any time.
class ScreenWithPicture::Both {
 public:
  Both(std::uint32_t revision, std::function<void(Shown)> told, bool has_picture)
      : revision_(revision), told_(std::move(told)), has_picture_(has_picture) {}

  /// The same revision, shown once more.
  void goes_on_from(const Both& before) { is_displayed_ = revision_ == before.revision_ && before.is_displayed_; }

  void page_says(const Shown& said) {
    if (said.kind == core::AnswerKind::removed) {
      removed_ = said;
      settle_removed();
    } else if (!said.by_itself || !is_displayed_) {
      note(said);
    }
  }
  /// It fails alone, too, where nobody has opened a page: that is for the page to say, in its time.
  void picture_says(Shown said, const core::RecipientId& own) {
    said.recipient = own;
    if (!said.by_itself) {
      note(said);
    }
  }
  void picture_is_gone() {
    has_picture_ = false;
    settle_removed();
  }

 private:
  void note(const Shown& said) {
    is_displayed_ = is_displayed_ || said.kind == core::AnswerKind::displayed;
    told_(said);
  }
  void settle_removed() {
    if (removed_ && !has_picture_) {
      told_(*std::exchange(removed_, std::nullopt));
    }
  }

  std::uint32_t revision_;
  std::function<void(Shown)> told_;
  bool has_picture_;
  bool is_displayed_ = false;  ///< by one of them
  std::optional<Shown> removed_;
};

ScreenWithPicture::ScreenWithPicture(std::unique_ptr<Display> screens, std::unique_ptr<Display> picture,
                                     core::RecipientId own)
    : screens_(std::move(screens)), picture_(std::move(picture)), own_(std::move(own)) {}

void ScreenWithPicture::show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) {
  const core::AlertId alert = what.notice->alert_id;
  const bool is_own = std::find(what.recipients.begin(), what.recipients.end(), own_) != what.recipients.end();
  std::shared_ptr<Both>& latest = shown_[alert];
  const std::shared_ptr<Both> before = latest;
  const bool had_picture = before != nullptr;
  const auto both = std::make_shared<Both>(what.notice->version.revision, told, is_own || had_picture);
  if (before) {
    both->goes_on_from(*before);
  }
  latest = both;
  if (is_own) {
    picture_->show(station, what, [both, own = own_](const Shown& said) { both->picture_says(said, own); });
  } else if (had_picture) {
    const TakeDown outside{alert, what.notice->version, TakeDownReason::outside};
    picture_->take_down(station, outside, [both] { both->picture_is_gone(); });
  }
  screens_->show(station, what, [both, told = std::move(told), own = own_](const Shown& said) {
    said.recipient == own ? both->page_says(said) : told(said);
  });
}

void ScreenWithPicture::take_down(const core::RecipientId& station, const TakeDown& what,
                                  std::function<void()> gone) {
  const auto left = std::make_shared<int>(2);
  const auto one_gone = [left, gone = std::move(gone)] {
    *left -= 1;
    if (*left == 0) {
      gone();
    }
  };
  const auto found = shown_.find(what.alert_id);
  const std::shared_ptr<Both> both = found == shown_.end() ? nullptr : found->second;
  shown_.erase(what.alert_id);
  screens_->take_down(station, what, one_gone);
  picture_->take_down(station, what, [both, one_gone] {
    if (both != nullptr) {
      both->picture_is_gone();
    }
    one_gone();
  });
}

void ScreenWithPicture::sighting(const core::RecipientId& station, const ShowSighting& what) {
  screens_->sighting(station, what);
}

void ScreenWithPicture::online(const core::RecipientId& station) {
  screens_->online(station);
}

}  // namespace tuanyuan::station
