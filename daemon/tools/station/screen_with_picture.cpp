#include "tools/station/screen_with_picture.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tuanyuan::station {

/// What page and picture say of one notice, put together. Shared with both, which may say it at any time.
class ScreenWithPicture::Both {
 public:
  Both(std::function<void(Shown)> told, bool has_picture) : told_(std::move(told)), has_picture_(has_picture) {}

  void page_says(const Shown& said) {
    if (said.kind == core::AnswerKind::removed) {
      removed_ = said;
      settle_removed();
    } else if (failed(said)) {
      page_failed_ = said;
      settle_failed();
    } else {
      told_(said);
    }
  }

  void picture_says(Shown said, const core::RecipientId& own) {
    said.recipient = own;
    if (failed(said)) {
      picture_failed_ = true;
      settle_failed();
    } else {
      told_(said);
    }
  }

  void picture_is_gone() {
    has_picture_ = false;
    settle_removed();
  }

 private:
  /// By itself; people have other reasons too.
  static bool failed(const Shown& said) {
    return said.kind == core::AnswerKind::unable && said.reason == core::UnableReason::equipment;
  }
  void settle_removed() {
    if (removed_ && !has_picture_) {
      told_(*std::exchange(removed_, std::nullopt));
    }
  }
  void settle_failed() {
    if (page_failed_ && (picture_failed_ || !has_picture_)) {
      told_(*std::exchange(page_failed_, std::nullopt));
    }
  }

  std::function<void(Shown)> told_;
  bool has_picture_;
  bool picture_failed_ = false;
  std::optional<Shown> page_failed_;
  std::optional<Shown> removed_;
};

ScreenWithPicture::ScreenWithPicture(std::unique_ptr<Display> screens, std::unique_ptr<Display> picture,
                                     core::RecipientId own)
    : screens_(std::move(screens)), picture_(std::move(picture)), own_(std::move(own)) {}

void ScreenWithPicture::show(const core::RecipientId& station, const Show& what, std::function<void(Shown)> told) {
  const core::AlertId alert = what.notice->alert_id;
  const bool is_own = std::find(what.recipients.begin(), what.recipients.end(), own_) != what.recipients.end();
  const bool had_picture = shown_.contains(alert);
  const auto both = std::make_shared<Both>(told, is_own || had_picture);
  shown_[alert] = both;
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
