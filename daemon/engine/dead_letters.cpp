#include <charconv>
#include <utility>

#include "engine/channel_service.hpp"
#include "engine/idempotency.hpp"

// What died in the outbox, and sending it after all.
namespace tuanyuan::engine {
namespace {

/// 0: it is none.
std::uint64_t number_of(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end ? number : 0;
}

bool has_died(core::DeliveryState state) {
  return state == core::DeliveryState::rejected || state == core::DeliveryState::expired;
}

/// Somebody else has requeued it, or it has been sent since it was listed.
core::Refusal not_dead(core::DeliveryState state) {
  std::string name(core::to_string(state));
  for (char& c : name) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;  // as the API has it
  }
  return core::Refusal(
      core::Errc::conflict,
      core::Text("当前状态为 " + name + "，只有 REJECTED 或 EXPIRED 的才能重新发送",
                 "its state is " + name + "; only what is REJECTED or EXPIRED can be sent again"));
}

}  // namespace

/// Nothing: it is in force.
std::optional<core::Text> ChannelService::why_not_in_force(const core::Delivery& delivery) const {
  const Line* line = find(delivery.channel);
  if (line == nullptr) {
    return core::Text("其渠道已停用", "its channel is not in use any more");
  }
  if (!core::is_recall(delivery.kind) && delivery.expires_at <= world_.tools.clock.wall_now()) {
    return core::Text("其时限已过", "its time is over");
  }
  if (!line->sender->is_overtaken(delivery)) {
    return std::nullopt;
  }
  if (delivery.concerns.empty()) {
    return core::Text("该警报已有更新的版本，或已结束并清除",
                      "a later version of the alert is in force, or the alert is over and cleared");
  }
  return core::Text("该警报已有更新的版本，或所等的回执已到",
                    "a later version of the alert is in force, or the answer that it asks for has come");
}

ports::OutboxView ChannelService::view_of(const ports::Ledger::DeadDelivery& row) const {
  ports::OutboxView view;
  view.delivery = row.delivery;
  view.died_at = row.settled_at;
  view.in_force = !why_not_in_force(row.delivery);
  return view;
}

/// A page is filled with what the caller may see, however much of others' lies between.
ChannelService::Answer<ports::Listed<ports::OutboxView>> ChannelService::outbox(core::Caller caller,
                                                                                ports::OutboxFilter filter,
                                                                                ports::Page page) {
  ports::Ledger::DeadQuery query;
  query.channel = filter.channel;
  query.alert = filter.alert;
  if (const std::uint64_t before = number_of(page.token); before != 0) {
    query.before = before;
  }
  ports::Listed<ports::OutboxView> listed;
  for (bool more = true; more;) {
    ports::Ledger::DeadQuery asked = query;
    const auto rows = co_await world_.tools.ledger.dead(std::move(asked), page.size + 1);
    if (!rows) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    more = rows->size() == page.size + 1;
    for (const ports::Ledger::DeadDelivery& row : *rows) {
      query.before = row.delivery.id;
      if (!sees(caller, row.delivery.alert_id)) {
        continue;
      }
      if (listed.items.size() == page.size) {
        listed.next_token = std::to_string(listed.items.back().delivery.id);
        co_return std::move(listed);
      }
      listed.items.push_back(view_of(row));
    }
  }
  co_return std::move(listed);
}

ChannelService::Answer<ports::OutboxView> ChannelService::requeue(core::Caller caller, std::string id,
                                                                  ports::Idempotency once) {
  const std::uint64_t number = number_of(id);
  core::Result<std::optional<ports::IdempotencyRecord>> repeated = co_await earlier(world_, once);
  if (!repeated) {
    co_return repeated.error();
  }
  ports::Ledger::DeadQuery query;
  query.only = number;
  if (number == 0) {
    co_return core::Refusal(core::Errc::not_found);
  }
  const auto rows = co_await world_.tools.ledger.dead(std::move(query), 1);
  if (!rows) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (rows->empty() || !sees(caller, rows->front().delivery.alert_id)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  ports::OutboxView row = view_of(rows->front());
  if (*repeated) {
    co_return std::move(row);  // as it stands by now
  }
  if (!has_died(row.delivery.state)) {
    co_return not_dead(row.delivery.state);
  }
  const std::optional<core::Text> why_not = why_not_in_force(row.delivery);
  if (why_not) {
    co_return core::Refusal(core::Errc::conflict, *why_not);
  }
  const core::Instant now = world_.tools.clock.wall_now();
  const core::Delivery& delivery = row.delivery;
  const std::string subject = delivery.alert_id.value + "/outbox";
  ports::Commit commit;
  commit.requeued.push_back({number, world_.paced.now()});
  commit.entries.push_back({now, caller.actor(), subject,
                            core::DeliveryRequeued{delivery.alert_id, delivery.channel, std::to_string(number)}});
  remember(commit, once, subject, 0, now);
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    co_return refusal_of(result);
  }
  row.delivery.state = core::DeliveryState::queued;
  co_return std::move(row);
}

}  // namespace tuanyuan::engine
