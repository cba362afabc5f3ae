#include "tools/station/screen.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tuanyuan::station {

bool is_more_urgent(const core::Notice& one, const core::Notice& other) {
  // What is meant before any exercise, a child that was taken before one that was lost; then the latest news,
  // which nobody here has read yet.
  const auto key = [](const core::Notice& notice) {
    return std::tuple(notice.status != core::Status::actual, !notice.abduction_suspected,
                      -core::to_epoch_ms(notice.issued_at));
  };
  return std::tuple(key(one), one.alert_id) < std::tuple(key(other), other.alert_id);
}

Screen::Screen(core::RecipientId recipient, std::string name, Moment now)
    : recipient_(std::move(recipient)),
      name_(std::move(name)),
      started_(now.steady),
      // Of a later run it is larger, so that a page that outlives this program never has the newer state.
      serial_(static_cast<std::uint64_t>(std::max<std::int64_t>(core::to_epoch_ms(now.wall), 1))) {}

void Screen::change() {
  serial_ += 1;
  for (Watcher* watcher : watchers_) {
    watcher->changed();
  }
}

void Screen::show(const Show& what, std::function<void(Shown)> told, Moment now) {
  Showing& place = showing_[what.notice->alert_id];
  const bool is_new = place.notice == nullptr || place.notice->version.revision != what.notice->version.revision;
  if (is_new) {
    place = Showing{};
    place.since = now.steady;
  }
  place.notice = what.notice;
  place.photo = what.photo;
  place.told = std::move(told);
  // It is wanted again: that nobody sees it any more is not to be said.
  std::erase_if(removals_, [&](const Removal& removal) { return removal.alert_id == what.notice->alert_id; });
  change();
}

void Screen::take_down(const core::AlertId& alert, std::function<void()> gone, Moment now) {
  if (showing_.erase(alert) > 0) {
    change();
  }
  removals_.push_back({alert, std::move(gone)});
  tell_removed(now);
}

void Screen::online(Moment now) {
  if (!settled_ && !settles_at_) {
    settles_at_ = now.steady + settle_ms_max;
  }
}

void Screen::tick(Moment now) {
  if (!settled_ && settles_at_ && *settles_at_ <= now.steady) {
    settled_ = true;
    change();
  }
  tell_unpainted(now);
  expire_lost_pages(now);
  tell_removed(now);
}

/// Whether a page is there that shows what has to be shown, be it another notice.
bool Screen::is_at_work(Moment now) const {
  return std::any_of(pages_.begin(), pages_.end(), [&](const auto& page) {
    const auto& holds = page.second.holds;
    return !is_lost(page.second, now) && std::any_of(holds.begin(), holds.end(), [&](const Held& held) {
      return held.painted && showing_.contains(held.alert_id);
    });
  });
}

void Screen::tell_unpainted(Moment now) {
  const Steady patience = is_at_work(now) ? queued_ms_max : unpainted_ms_max;
  for (auto& [alert, one] : showing_) {
    if (!one.painted && !one.was_unable && now.steady - one.since >= patience) {
      one.was_unable = true;
      one.told(Shown{core::AnswerKind::unable, core::UnableReason::equipment, recipient_, true});
    }
  }
}

std::vector<const Showing*> Screen::showing() const {
  std::vector<const Showing*> all;
  for (const auto& [alert, one] : showing_) {
    all.push_back(&one);
  }
  std::sort(all.begin(), all.end(),
            [](const Showing* one, const Showing* other) { return is_more_urgent(*one->notice, *other->notice); });
  return all;
}

const Showing* Screen::find(const core::AlertId& alert) const {
  const auto found = showing_.find(alert);
  return found == showing_.end() ? nullptr : &found->second;
}

Screen::Taken Screen::account(const PageAccount& account, Moment now) {
  if (account.closed) {
    pages_.erase(account.page);
    tell_removed(now);
    return Taken::taken;
  }
  if (!pages_.contains(account.page) && pages_.size() >= pages_max && !make_room(now)) {
    return Taken::full;
  }
  Page& page = pages_[account.page];
  page.heard = now.steady;
  page.holds = account.holds;
  // Only who has taken in the state of now can be without what an earlier one gave it.
  if (account.serial == serial_) {
    std::erase_if(page.may_have, [&](const auto& one) { return !showing_.contains(one.first); });
  }
  for (const Held& held : account.holds) {
    page.may_have.emplace(held.alert_id, now.wall + unknown_expiry_ms_max);
    if (held.painted) {
      note_painted(held);
    }
  }
  tell_removed(now);
  return Taken::taken;
}

void Screen::note_painted(const Held& held) {
  const auto found = showing_.find(held.alert_id);
  if (found == showing_.end() || found->second.notice->version.revision != held.revision ||
      std::exchange(found->second.painted, true)) {
    return;
  }
  found->second.told(Shown{core::AnswerKind::displayed, core::UnableReason::none, recipient_});
}

Screen::Taken Screen::answer(const PersonsAnswer& answer) {
  const auto page = pages_.find(answer.page);
  if (page == pages_.end()) {
    return Taken::unknown_page;
  }
  const auto found = showing_.find(answer.alert_id);
  // Nobody has read what was not painted there.
  const Held read{answer.alert_id, answer.revision, true};
  const auto& holds = page->second.holds;
  if (found == showing_.end() || found->second.notice->version.revision != answer.revision ||
      std::find(holds.begin(), holds.end(), read) == holds.end()) {
    return Taken::not_shown;
  }
  found->second.answered.insert(answer.kind);
  found->second.told(Shown{answer.kind, answer.reason, recipient_});
  change();
  return Taken::taken;
}

bool Screen::hand_out(std::string_view page) {
  const auto found = pages_.find(page);
  if (found == pages_.end()) {
    return false;
  }
  for (const auto& [alert, one] : showing_) {
    found->second.may_have[alert] = one.notice->expires_at;
  }
  return true;
}

bool Screen::watch(Watcher& watcher) {
  return watchers_.size() < watchers_max && watchers_.insert(&watcher).second;
}

void Screen::unwatch(Watcher& watcher) {
  watchers_.erase(&watcher);
}

bool Screen::is_lost(const Page& page, Moment now) {
  return now.steady - page.heard > silence_ms_max;
}

/// For one page more: the place of one that is lost and cannot show anything.
bool Screen::make_room(Moment now) {
  return std::erase_if(
             pages_, [&](const auto& one) { return one.second.may_have.empty() && is_lost(one.second, now); }) > 0;
}

/// A page whose station is gone takes down at expiry by itself.
void Screen::expire_lost_pages(Moment now) {
  for (auto& [name, page] : pages_) {
    if (is_lost(page, now)) {
      std::erase_if(page.may_have, [&](const auto& one) { return one.second + page_clock_ms_max <= now.wall; });
    }
  }
  std::erase_if(pages_, [&](const auto& one) { return one.second.may_have.empty() && is_lost(one.second, now); });
}

bool Screen::may_be_seen(const core::AlertId& alert) const {
  return std::any_of(pages_.begin(), pages_.end(),
                     [&](const auto& one) { return one.second.may_have.contains(alert); });
}

void Screen::tell_removed(Moment now) {
  if (now.steady - started_ < return_ms_max) {
    return;  // pages of a former run may be about to come back, with what they have
  }
  std::vector<Removal> waiting;
  std::vector<Removal> done;
  for (Removal& removal : removals_) {
    (may_be_seen(removal.alert_id) ? waiting : done).push_back(std::move(removal));
  }
  removals_ = std::move(waiting);
  for (const Removal& removal : done) {
    removal.gone();
  }
}

}  // namespace tuanyuan::station
