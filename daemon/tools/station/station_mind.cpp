#include "tools/station/station_mind.hpp"

#include <algorithm>
#include <utility>

#include "adapters/crypto/openssl_handles.hpp"
#include "tools/station/answers.hpp"

namespace tuanyuan::station {
namespace {

/// The wall clock may be stepped: an expiry further away than this is looked at again.
constexpr Steady expiry_recheck_ms_max{60'000};

std::vector<Member> with_self(Member self, std::vector<Member> members) {
  members.insert(members.begin(), std::move(self));
  return members;
}

bool is_photo_of(std::string_view bytes, const core::Notice& notice) {
  return notice.photo && !bytes.empty() && crypto::sha256(bytes) == notice.photo->sha256;
}

}  // namespace

std::string_view describe(TakeDownReason reason) {
  switch (reason) {
    case TakeDownReason::recalled:
      return "recalled";
    case TakeDownReason::cleared:
      return "cleared";
    case TakeDownReason::outside:
      return "outside";
    case TakeDownReason::expired:
      return "expired";
  }
  return "recalled";
}

StationMind::StationMind(Commons& commons, Member self, std::vector<Member> members, Temper temper,
                         std::uint64_t seed)
    : commons_(&commons),
      members_(with_self(std::move(self), std::move(members))),
      temper_(temper),
      topics_(commons.settings.prefix, members_.front().id, members_.front().audience, members_.front().division,
              commons.settings.json),
      book_(commons.totals, seed) {}

void StationMind::connected(Moment now) {
  SubscribeTo everything{topics_.filters()};
  for (const auto& [id, alert] : alerts_) {
    if (!alert.photo_topic.empty()) {
      everything.filters.push_back(alert.photo_topic);
    }
  }
  wishes_.emplace_back(std::move(everything));
  wishes_.emplace_back(SayOnline{topics_.presence()});
  book_.hurry(now.steady);
}

void StationMind::message(std::string_view topic, std::string_view payload, Moment now) {
  const auto incoming = topics_.read(topic);
  if (!incoming) {
    return;
  }
  switch (incoming->kind) {
    case Incoming::Kind::keys:
      on_keys(payload, now);
      break;
    case Incoming::Kind::receipt:
      on_receipts(payload);
      break;
    case Incoming::Kind::notice:
      on_notice(Path::area, incoming->alert_id, topic, payload, now);
      break;
    case Incoming::Kind::direct:
      on_notice(Path::direct, incoming->alert_id, topic, payload, now);
      break;
    case Incoming::Kind::photo:
      photo(core::AlertId(incoming->alert_id), payload, now);
      break;
    case Incoming::Kind::sighting:
      if (!payload.empty()) {
        wishes_.emplace_back(ShowSighting{std::string(payload)});
      }
      break;
  }
}

/// What came before its key is read again; what is still of an unknown key is held on.
void StationMind::on_keys(std::string_view payload, Moment now) {
  if (!commons_->verifier.learn_keys(payload)) {
    return;
  }
  const auto held = std::exchange(held_, {});
  for (const auto& [topic, notice] : held) {
    message(topic, notice, now);
  }
}

void StationMind::on_receipts(std::string_view payload) {
  for (const core::Receipt& receipt : decode_receipts(payload)) {
    book_.settle(receipt);
  }
}

void StationMind::on_notice(Path path, const std::string& alert_id, std::string_view topic,
                            std::string_view payload, Moment now) {
  held_.erase(std::string(topic));
  if (payload.empty()) {
    on_cleared(core::AlertId(alert_id));
    return;
  }
  Verified verified = commons_->verifier.verify(payload);
  if (verified.verdict == Verdict::unknown_key) {
    hold(topic, payload);
    if (commons_->verifier.keys() == 0) {
      return;  // none are known at all yet: nothing is wrong
    }
  }
  // What is genuine and stands on a topic that is not its own was moved there by somebody.
  if (verified.verdict == Verdict::genuine && verified.notice->alert_id.value != alert_id) {
    verified.verdict = Verdict::not_genuine;
  }
  if (verified.verdict != Verdict::genuine) {
    commons_->totals.rejected += 1;
    wishes_.emplace_back(Rejected{alert_id, verified.verdict});
    return;
  }
  on_genuine(path, std::move(verified.notice), now);
}

void StationMind::hold(std::string_view topic, std::string_view payload) {
  if (held_.size() < commons_->settings.unverified_max) {
    held_.emplace(topic, payload);
  }
}

void StationMind::on_cleared(const core::AlertId& alert_id) {
  const auto found = alerts_.find(alert_id);
  if (found == alerts_.end() || found->second.down || !found->second.seen) {
    return;
  }
  Alert& alert = found->second;
  take_down(alert_id, alert, alert.seen->revision, TakeDownReason::cleared);
  // QoS 1 may repeat what is older, and then what followed it (MQTT 5, section 4.6): filled again, it is shown
  // again.
  alert.down = false;
  std::fill(std::begin(alert.on_path), std::end(alert.on_path), std::nullopt);
}

/// Of each alert the highest version is remembered and what is lower dropped. The same version may come on the
/// other path too, and concern somebody there whom it did not concern here.
bool StationMind::note_version(Alert& alert, Path path, const core::Notice& notice) {
  auto& on_path = alert.on_path[static_cast<std::size_t>(path)];
  if ((alert.seen && notice.version < *alert.seen) || (on_path && notice.version <= *on_path)) {
    return false;
  }
  on_path = notice.version;
  if (alert.seen == notice.version) {
    return !alert.down;
  }
  alert.seen = notice.version;
  alert.down = false;
  return true;
}

void StationMind::on_genuine(Path path, std::shared_ptr<const core::Notice> notice, Moment now) {
  const core::AlertId alert_id = notice->alert_id;
  const bool known = alerts_.contains(alert_id);
  Alert& alert = remember(alert_id);
  if (!note_version(alert, path, *notice)) {
    return;
  }
  alert.by_direct = alert.by_direct || path == Path::direct;
  if (core::is_recall(notice->kind)) {
    recall(alert_id, alert, known, *notice);
  } else {
    apply(alert_id, alert, path, std::move(notice), now);
  }
}

/// Everybody who may have been sent the alert has to say that it is down: the station itself always, those it
/// answers for where it ever concerned them or where nothing is known about that.
void StationMind::recall(const core::AlertId& alert_id, Alert& alert, bool known, const core::Notice& notice) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Stake& stake = alert.stakes[i];
    if (members_[i].audience == notice.audience && (i == 0 || !known || stake.ever_concerned)) {
      stake.owes_removal = notice.version.revision;
    }
  }
  take_down(alert_id, alert, notice.version.revision, TakeDownReason::recalled);
}

std::vector<bool> StationMind::concerned(const Alert& alert, Path path, const core::Notice& notice) const {
  std::vector<bool> result(members_.size());
  for (std::size_t i = 0; i < members_.size(); ++i) {
    result[i] = is_targeted(members_[i], notice);
  }
  // On the topic of one that answers for others it may be meant for any of them; for itself where for none.
  const bool for_others = std::find(result.begin() + 1, result.end(), true) != result.end();
  if (!for_others && (path == Path::direct || alert.by_direct)) {
    result[0] = is_targeted_directly(members_[0], notice);
  }
  return result;
}

void StationMind::apply(const core::AlertId& alert_id, Alert& alert, Path path,
                        std::shared_ptr<const core::Notice> notice, Moment now) {
  const std::uint32_t revision = notice->version.revision;
  if (notice->expires_at <= now.wall) {
    if (alert.notice != nullptr) {
      take_down(alert_id, alert, revision, TakeDownReason::expired);
    }
    alert.down = true;
    return;
  }
  const bool was_shown = alert.notice != nullptr;
  const std::vector<bool> now_concerned = concerned(alert, path, *notice);
  if (std::find(now_concerned.begin(), now_concerned.end(), true) == now_concerned.end()) {
    if (was_shown) {
      take_down(alert_id, alert, revision, TakeDownReason::outside);
      alert.down = false;  // the same version may yet concern somebody on the other path
    }
    return;
  }
  bool changed = !was_shown || alert.notice->version != notice->version;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Stake& stake = alert.stakes[i];
    changed = changed || stake.concerned != now_concerned[i];
    if (now_concerned[i]) {
      stake.concerned = true;
      stake.ever_concerned = true;
      stake.owes_removal.reset();
      if (stake.received != revision) {
        stake.received = revision;
        answer(alert_id, revision, i, core::AnswerKind::received, now);
      }
    } else if (stake.concerned) {
      leave(stake, revision);
    }
  }
  if (!changed) {
    return;  // the same on the other path
  }
  alert.notice = std::move(notice);
  want_photo(alert_id, alert, path, now);
}

/// One that is outside now while others are not: its own display is to end, that of the others goes on.
void StationMind::leave(Stake& stake, std::uint32_t revision) {
  stake.concerned = false;
  stake.received.reset();
  stake.displayed.reset();
  stake.owes_removal = revision;
}

void StationMind::take_down(const core::AlertId& alert_id, Alert& alert, std::uint32_t revision,
                            TakeDownReason reason) {
  book_.forget_unsent(alert_id);
  for (Stake& stake : alert.stakes) {
    if (stake.concerned) {
      stake.owes_removal = revision;
    }
    stake.concerned = false;
    stake.received.reset();
    stake.displayed.reset();
  }
  alert.notice.reset();
  alert.photo.reset();
  alert.photo_deadline.reset();
  alert.down = true;
  if (!alert.photo_topic.empty()) {
    wishes_.emplace_back(UnsubscribeFrom{std::exchange(alert.photo_topic, {})});
  }
  wishes_.emplace_back(TakeDown{alert_id, alert.seen.value_or(core::Version{revision, 0}), reason});
}

void StationMind::want_photo(const core::AlertId& alert_id, Alert& alert, Path path, Moment now) {
  if (!alert.notice->photo) {
    alert.photo.reset();
  }
  if (!alert.notice->photo || (alert.photo != nullptr && is_photo_of(*alert.photo, *alert.notice))) {
    show(alert);
    return;
  }
  const bool shown_before = alert.photo != nullptr;
  alert.photo.reset();
  alert.photo_deadline = now.steady + commons_->settings.photo_ms_max;
  const auto& divisions = alert.notice->divisions;
  const Member& self = members_.front();
  const bool has_topic =
      alert.notice->audience == self.audience &&
      (path == Path::area || std::find(divisions.begin(), divisions.end(), self.division) != divisions.end());
  if (has_topic) {
    // Asked for again, the topic brings what is retained on it once more: also when the picture has changed.
    if (alert.photo_topic.empty() || shown_before) {
      alert.photo_topic = topics_.photo(alert_id);
      wishes_.emplace_back(SubscribeTo{{alert.photo_topic}});
    }
  } else if (!alert.notice->photo->url.empty()) {
    wishes_.emplace_back(FetchPhoto{alert_id, alert.notice->photo->url});
  } else {
    show(alert);
  }
}

void StationMind::photo(const core::AlertId& alert_id, std::string_view bytes, Moment) {
  const auto found = alerts_.find(alert_id);
  if (found == alerts_.end() || found->second.notice == nullptr || found->second.photo != nullptr ||
      !is_photo_of(bytes, *found->second.notice)) {
    return;
  }
  found->second.photo = commons_->photos.keep(bytes, found->second.notice->photo->sha256);
  show(found->second);
}

void StationMind::show(Alert& alert) {
  alert.photo_deadline.reset();
  Show wish{alert.notice, alert.photo, {}};
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (alert.stakes[i].concerned) {
      wish.recipients.push_back(members_[i].id);
    }
  }
  wishes_.emplace_back(std::move(wish));
}

void StationMind::displayed(const core::AlertId& alert_id, core::Version version, Moment now,
                            const std::optional<core::RecipientId>& recipient) {
  const auto found = alerts_.find(alert_id);
  if (found == alerts_.end() || found->second.notice == nullptr) {
    return;
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Stake& stake = found->second.stakes[i];
    if (!stake.concerned || stake.received != version.revision || stake.displayed == version.revision ||
        (recipient && members_[i].id != *recipient)) {
      continue;
    }
    stake.displayed = version.revision;
    answer(alert_id, version.revision, i, core::AnswerKind::displayed, now);
    if (temper_.confirm_after) {
      answer(alert_id, version.revision, i, core::AnswerKind::confirmed, now, *temper_.confirm_after);
    }
  }
}

void StationMind::removed(const core::AlertId& alert_id, Moment now,
                          const std::optional<core::RecipientId>& recipient) {
  const auto found = alerts_.find(alert_id);
  if (found == alerts_.end()) {
    return;
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    Stake& stake = found->second.stakes[i];
    if (stake.concerned || (recipient && members_[i].id != *recipient)) {
      continue;  // to it it has come back in the meantime; or somebody else's display is spoken of
    }
    if (const auto revision = std::exchange(stake.owes_removal, std::nullopt)) {
      answer(alert_id, *revision, i, core::AnswerKind::removed, now);
    }
  }
}

bool StationMind::confirm(const core::AlertId& alert, Moment now, const Scope& scope) {
  return answer_shown(alert, core::AnswerKind::confirmed, core::UnableReason::none, now, scope);
}

bool StationMind::act(const core::AlertId& alert, Moment now, const Scope& scope) {
  return answer_shown(alert, core::AnswerKind::acting, core::UnableReason::none, now, scope);
}

bool StationMind::unable(const core::AlertId& alert, core::UnableReason reason, Moment now, const Scope& scope) {
  return answer_shown(alert, core::AnswerKind::unable, reason, now, scope);
}

bool StationMind::answer_shown(const core::AlertId& alert_id, core::AnswerKind kind, core::UnableReason reason,
                               Moment now, const Scope& scope) {
  const auto found = alerts_.find(alert_id);
  if (found == alerts_.end() || found->second.notice == nullptr) {
    return false;
  }
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (found->second.stakes[i].concerned && (!scope.recipient || members_[i].id == *scope.recipient)) {
      answer(alert_id, scope.revision.value_or(found->second.notice->version.revision), i, kind, now, Steady{0},
             reason);
    }
  }
  return true;
}

void StationMind::answer(const core::AlertId& alert_id, std::uint32_t revision, std::size_t member,
                         core::AnswerKind kind, Moment now, Steady later, core::UnableReason reason) {
  if (temper_.silent) {
    return;
  }
  core::Acknowledgement answer;
  answer.alert_id = alert_id;
  answer.revision = revision;
  answer.recipient_id = members_[member].id;
  answer.kind = kind;
  answer.at = now.wall;
  answer.reason = reason;
  book_.add(std::move(answer), now.steady + temper_.delay + later);
}

void StationMind::tick(Moment now) {
  for (auto& [id, alert] : alerts_) {
    if (alert.notice == nullptr) {
      continue;
    }
    if (alert.notice->expires_at <= now.wall) {
      take_down(id, alert, alert.notice->version.revision, TakeDownReason::expired);
    } else if (alert.photo_deadline && *alert.photo_deadline <= now.steady) {
      show(alert);
    }
  }
}

std::vector<Wish> StationMind::take_wishes() {
  return std::exchange(wishes_, {});
}

std::vector<OutgoingAnswer> StationMind::take_answers(Moment now, std::size_t count) {
  std::vector<OutgoingAnswer> outgoing;
  for (const core::Acknowledgement& answer : book_.take_due(now.steady, count)) {
    outgoing.push_back({topics_.acknowledgements(), encode_answer(answer, commons_->settings.json)});
  }
  return outgoing;
}

std::optional<Steady> StationMind::display_deadline(Moment now) const {
  std::optional<Steady> earliest;
  const auto consider = [&](Steady at) { earliest = earliest ? std::min(*earliest, at) : at; };
  for (const auto& [id, alert] : alerts_) {
    if (alert.notice == nullptr) {
      continue;
    }
    if (alert.photo_deadline) {
      consider(*alert.photo_deadline);
    }
    consider(now.steady +
             std::clamp(Steady(alert.notice->expires_at - now.wall), Steady{0}, expiry_recheck_ms_max));
  }
  return earliest;
}

std::vector<core::AlertId> StationMind::shown() const {
  std::vector<core::AlertId> ids;
  for (const auto& [id, alert] : alerts_) {
    if (alert.notice != nullptr && !alert.photo_deadline) {
      ids.push_back(id);
    }
  }
  return ids;
}

StationMind::Alert& StationMind::remember(const core::AlertId& alert_id) {
  if (!alerts_.contains(alert_id) && alerts_.size() >= commons_->settings.alerts_max) {
    forget_one();
  }
  Alert& alert = alerts_[alert_id];
  alert.stakes.resize(members_.size());
  alert.touched = ++touches_;
  return alert;
}

/// The one longest untouched of those that are down; of all, where all are shown.
void StationMind::forget_one() {
  const auto oldest = std::min_element(alerts_.begin(), alerts_.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.notice != nullptr, a.second.touched) <
           std::pair(b.second.notice != nullptr, b.second.touched);
  });
  if (oldest->second.notice != nullptr) {
    take_down(oldest->first, oldest->second, oldest->second.seen->revision, TakeDownReason::cleared);
  }
  alerts_.erase(oldest);
}

}  // namespace tuanyuan::station
