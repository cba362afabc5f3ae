#include "adapters/mqtt/retained_watch.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "adapters/mqtt/inbound.hpp"
#include "adapters/mqtt/limits.hpp"

namespace tuanyuan::mqtt {
namespace {

struct SeenMaker {
  Encoding encoding;
  std::string_view payload;

  static ports::RetainedSeen area(core::Audience audience, core::Division division, const core::AlertId& alert,
                                  core::Parcel parcel) {
    ports::RetainedSeen seen;
    seen.alert_id = alert;
    seen.audience = audience;
    seen.target = division;
    seen.parcel = parcel;
    return seen;
  }
  std::optional<ports::RetainedSeen> operator()(const NoticeTopic& topic) const {
    auto seen = area(topic.audience, topic.division, topic.alert_id, core::Parcel::notice);
    seen.version = version_of_notice(payload, encoding, topic.alert_id);
    return seen;
  }
  std::optional<ports::RetainedSeen> operator()(const PhotoTopic& topic) const {
    const core::Parcel parcel = payload.empty() ? core::Parcel::photo_clear : core::Parcel::photo;
    return area(topic.audience, topic.division, topic.alert_id, parcel);
  }
  std::optional<ports::RetainedSeen> operator()(const DirectTopic& topic) const {
    ports::RetainedSeen seen;
    seen.alert_id = topic.alert_id;
    seen.target = topic.recipient;
    seen.version = version_of_notice(payload, encoding, topic.alert_id);
    return seen;
  }
  template <class Other>
  std::optional<ports::RetainedSeen> operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

std::optional<ports::RetainedSeen> seen_of(const ParsedTopic& topic, std::string_view payload) {
  return std::visit(SeenMaker{topic.encoding, payload}, topic.topic);
}

RetainedWatch::RetainedWatch(boost::asio::any_io_executor executor, NoticeChannel& channel, const Topics& topics,
                             ports::Clock& clock, ports::Log& log, ports::Metrics& metrics,
                             Corrections::Limits limits)
    : channel_(channel),
      topics_(topics),
      clock_(clock),
      log_(log),
      metrics_(metrics),
      corrections_(limits),
      wall_(clock),
      connected_(executor),
      changed_(executor) {}

void RetainedWatch::on_up() {
  up_ = true;
  ++connection_;
  connected_.notify();
  changed_.notify();  // for what was seen while the subscriptions were still being made
}

void RetainedWatch::on_down() {
  up_ = false;
  corrections_.clear();  // everything is seen anew at the next connect
}

ports::RetainedVerdict RetainedWatch::judge(const ParsedTopic& topic, const ports::RetainedSeen& seen,
                                            std::string_view payload) {
  const ports::RetainedVerdict verdict = truth_->judge(seen);
  if (verdict == ports::RetainedVerdict::stranger && payload.empty()) {
    return ports::RetainedVerdict::in_order;  // empty is what a stranger's topic should be
  }
  const bool forged =
      seen.version && channel_.guard().differs(topics_.of(topic.topic), *seen.version, topic.encoding, payload);
  return forged && verdict == ports::RetainedVerdict::in_order ? ports::RetainedVerdict::behind : verdict;
}

void RetainedWatch::seen(const ParsedTopic& topic, std::string_view payload) {
  const auto seen = seen_of(topic, payload);
  if (!seen || truth_ == nullptr) {
    return;
  }
  const ports::RetainedVerdict verdict = judge(topic, *seen, payload);
  // Both encodings of a notice are put right together, but each is judged for itself: good JSON says nothing
  // of a bad protobuf.
  const bool noted =
      corrections_.note(topics_.of(topic.topic, topic.encoding), *seen, verdict, clock_.steady_now());
  if (!noted) {
    log_.warning("broker.too_many_wrong_topics");
    connected_.notify();  // reasserts everything
    return;
  }
  if (verdict != ports::RetainedVerdict::in_order) {
    changed_.notify();
  }
}

boost::asio::awaitable<void> RetainedWatch::reassert_when_due() {
  for (;;) {
    const bool connected = co_await connected_.wait_until(clock_, clock_.steady_now() + wall_looked_at_every);
    const bool set_back = wall_.set_back();
    bool complete = truth_ == nullptr || !(connected || set_back);
    std::chrono::seconds wait = reassert_again_after;
    while (up_ && !complete) {
      complete = co_await reassert();
      if (!complete) {
        const bool anew = co_await connected_.wait_until(clock_, clock_.steady_now() + wait);
        wait = anew ? reassert_again_after : std::min(wait * 2, reassert_again_after_max);
      }
    }
  }
}

boost::asio::awaitable<bool> RetainedWatch::reassert() {
  const std::uint64_t connection = connection_;
  ports::RetainedInForce in_force = co_await truth_->in_force();
  std::vector<ports::Dispatch>& all = in_force.dispatches;
  std::size_t done = 0;
  bool complete = in_force.complete;
  if (!complete) {
    log_.warning("broker.reassert_incomplete", {{"outcome", "unread"}});
  }
  while (done < all.size() && up_ && connection == connection_) {
    const auto first = std::next(all.begin(), static_cast<std::ptrdiff_t>(done));
    const std::size_t count = std::min(reassert_chunk_max, all.size() - done);
    std::vector<ports::Dispatch> chunk;
    std::copy_if(std::make_move_iterator(first),
                 std::make_move_iterator(std::next(first, static_cast<std::ptrdiff_t>(count))),
                 std::back_inserter(chunk),
                 [this](const ports::Dispatch& dispatch) { return truth_->still_in_force(dispatch.delivery); });
    complete = complete && chunk.size() == count;  // what was overtaken goes out once more, as it is by then
    const core::DeliveryOutcome outcome = co_await channel_.send_all(std::move(chunk));
    // What the broker refuses for good it will refuse again; anything else has to be repeated.
    complete = complete && core::is_answered(outcome);
    if (outcome != core::DeliveryOutcome::accepted) {
      log_.warning("broker.reassert_incomplete", {{"outcome", std::string(core::to_string(outcome))}});
    }
    done += count;
  }
  metrics_.add("tuanyuan_broker_reasserted_total", {}, static_cast<double>(done));
  log_.info("broker.reasserted", {{"dispatches", std::to_string(done)}});
  co_return complete&& done == all.size();
}

boost::asio::awaitable<void> RetainedWatch::put_right() {
  for (;;) {
    const auto next = up_ ? corrections_.next_due() : std::nullopt;
    if (!next) {
      co_await changed_.wait();
      continue;
    }
    if (*next > clock_.steady_now()) {
      co_await changed_.wait_until(clock_, *next);
      continue;
    }
    auto due = corrections_.take_due(clock_.steady_now(), 1);
    if (!due.empty()) {
      Corrections::Due first = std::move(due.front());
      co_await correct(std::move(first));
    }
  }
}

boost::asio::awaitable<void> RetainedWatch::correct(Corrections::Due due) {
  // What was wrong then need not be so now. What was forged is behind whatever the truth says of its version.
  const ports::RetainedVerdict now = truth_->judge(due.seen);
  const ports::RetainedVerdict verdict = now == ports::RetainedVerdict::in_order ? due.verdict : now;
  core::Result<std::optional<ports::Dispatch>> belongs = std::optional<ports::Dispatch>();
  if (verdict == ports::RetainedVerdict::behind) {
    belongs = co_await truth_->in_force_at(due.seen);
  } else if (now == ports::RetainedVerdict::in_order) {
    co_return;
  }
  metrics_.add("tuanyuan_broker_corrections_total",
               {{"kind", verdict == ports::RetainedVerdict::behind ? "behind" : "stranger"}});
  core::DeliveryOutcome outcome = core::DeliveryOutcome::accepted;
  if (!belongs) {
    outcome = core::DeliveryOutcome::retry;
  } else if (*belongs) {
    const ports::Dispatch& dispatch = **belongs;
    const ports::SendResult result = co_await channel_.send(dispatch);
    outcome = result.outcome;
  } else if (verdict == ports::RetainedVerdict::stranger) {
    Topic topic = topic_of(due.seen);
    outcome = co_await channel_.clear(std::move(topic));
  }
  if (outcome != core::DeliveryOutcome::accepted && up_) {
    corrections_.note(due.topic, due.seen, verdict, clock_.steady_now());  // again, within its budget
  }
}

}  // namespace tuanyuan::mqtt
