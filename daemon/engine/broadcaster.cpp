#include "engine/broadcaster.hpp"

#include <algorithm>
#include <utility>

#include "engine/tallies.hpp"
#include "engine/walk.hpp"

namespace tuanyuan::engine {

Broadcaster::Broadcaster(World& world, ports::Channel& channel, ports::AnswerDesk& answers,
                         Retirements& retirements)
    : world_(world),
      channel_(channel),
      answers_(answers),
      retirements_(retirements),
      documents_(world),
      tasks_(world.executor, channel.in_flight_max() + 1),
      wake_(world.executor),
      to_settle_(world.executor),
      settling_due_(world.executor) {}

boost::asio::awaitable<void> Broadcaster::run() {
  tasks_.spawn(settle_in_batches());
  for (;;) {
    if (channel_.is_up() && !is_paused() && room() > 0) {
      co_await claim_and_hand_over();
    }
    co_await pause();
  }
}

boost::asio::awaitable<void> Broadcaster::stop() {
  tasks_.cancel_all();
  co_await tasks_.join();
  for (bool more = !settled_.empty(); more;) {
    const bool committed = co_await settle_some();
    more = committed && !settled_.empty();
  }
}

boost::asio::awaitable<void> Broadcaster::pause() {
  const ports::Clock::Steady until = world_.tools.clock.steady_now() + claim_pause_max;
  co_await wake_.wait_until(world_.tools.clock, until);
}

std::size_t Broadcaster::room() const {
  const std::size_t taken = std::min(in_flight_, channel_.in_flight_max());
  const std::size_t most = in_flight_ == 0 ? first_claim_rows_max : claim_rows_max;
  return std::min({most, channel_.room(), channel_.in_flight_max() - taken});
}

/// What takes longer than its lease is given again, and must not go out twice for it.
std::vector<core::Delivery> Broadcaster::not_under_way(std::vector<core::Delivery> claimed) {
  std::erase_if(claimed, [this](const core::Delivery& row) {
    const auto [known, is_new] = under_way_.try_emplace(row.id, false);
    known->second = !is_new;
    return !is_new;
  });
  return claimed;
}

boost::asio::awaitable<void> Broadcaster::claim_and_hand_over() {
  const core::Instant now = world_.paced.now();
  const std::size_t wanted = room();
  auto claimed = co_await world_.tools.ledger.claim(channel_.kind(), now, now + claim_lease, wanted);
  if (!claimed) {
    world_.tools.log.error("outbox.claim_failed", {{"channel", std::string(core::to_string(channel_.kind()))}});
    co_return;
  }
  const bool may_be_more = claimed->size() == wanted;
  std::vector<core::Delivery> rows = not_under_way(std::move(*claimed));
  std::vector<Addressee> addressees(rows.size());
  if (is_gateway()) {
    addressees = co_await read_addressees(rows);
  }
  for (std::size_t which = 0; which < rows.size(); ++which) {
    const std::uint64_t id = rows[which].id;
    ports::Dispatch dispatch;
    dispatch.delivery = std::move(rows[which]);
    dispatch.delivery.state = core::DeliveryState::queued;  // a claimed row comes as it is stored
    // Opened here, one after the other, so that they are handed over in the order of their urgency.
    const std::optional<core::DeliveryOutcome> unready = co_await open_parcel(dispatch, addressees[which]);
    ++in_flight_;
    if (!tasks_.spawn(deliver(std::move(dispatch), unready))) {
      --in_flight_;  // its lease runs out and it is claimed again
      under_way_.erase(id);
    }
  }
  if (may_be_more) {
    wake_.notify();
  }
}

/// What memory does not know may be in the ledger already: its outcome was not learnt yet, or was lost. It will be
/// known soon; a row that was given up for it would be lost for ever.
Broadcaster::Standing Broadcaster::standing_of_unknown() const {
  return world_.doubt.may_be_more() ? Standing::unknown : Standing::overtaken;
}

/// A gateway retains nothing: what takes down there is due also when the topics have been cleared.
Broadcaster::Standing Broadcaster::standing_of(const core::Delivery& delivery) const {
  const CaseFile* file = std::as_const(world_.cases).find(delivery.alert_id);
  if (file == nullptr) {
    return standing_of_unknown();
  }
  const bool clears =
      delivery.parcel == core::Parcel::notice_clear || delivery.parcel == core::Parcel::photo_clear;
  if (delivery.version < file->state.copy(delivery.audience).version ||
      (file->state.cleared && !clears && !is_gateway())) {
    return Standing::overtaken;
  }
  if (!clears && file->state.copy(delivery.audience).version < delivery.version) {
    return Standing::unknown;  // committed, and not yet known here
  }
  return delivery.concerns.empty() ? Standing::due : standing_of_step(*file, delivery);
}

/// Who has answered in the meantime is not chased, whatever is still queued. Asked is what the silent one's own
/// copy asks: the row may be for its unit, which has another.
Broadcaster::Standing Broadcaster::standing_of_step(const CaseFile& file, const core::Delivery& delivery) const {
  const std::optional<core::Ordinal> ordinal = ordinal_in(world_, file, delivery.concerns);
  if (!ordinal) {
    return standing_of_unknown();
  }
  const core::CopyState& copy = file.state.copy(world_.directory.at(*ordinal).audience);
  const bool taken_down = copy.recall_revision != 0;
  if (taken_down && delivery.awaits != core::AnswerKind::removed) {
    return Standing::overtaken;
  }
  const std::uint32_t revision = taken_down ? copy.recall_revision : copy.content.revision;
  return file.tally.is_settled(revision, delivery.awaits, *ordinal) ? Standing::overtaken : Standing::due;
}

/// All at once: asked one by one, the ledger would be asked as often as there are rows. `rows` are the caller's,
/// and stay as long.
boost::asio::awaitable<std::vector<Broadcaster::Addressee>> Broadcaster::read_addressees(
    const std::vector<core::Delivery>& rows) {
  std::vector<Addressee> addressees(rows.size());
  std::vector<core::Ordinal> ordinals;
  std::vector<std::size_t> asked_for;  // by which rows, as many as there are ordinals
  for (std::size_t which = 0; which < rows.size(); ++which) {
    const CaseFile* file = std::as_const(world_.cases).find(rows[which].alert_id);
    if (file == nullptr) {
      continue;
    }
    if (const std::optional<core::Ordinal> ordinal = addressee_in(world_, *file, rows[which])) {
      ordinals.push_back(*ordinal);
      asked_for.push_back(which);
    }
  }
  std::vector<core::Ordinal> asked = ordinals;
  auto entries = co_await world_.tools.ledger.recipients(std::move(asked));
  if (!entries) {
    co_return addressees;
  }
  auto entry = entries->begin();
  for (std::size_t index = 0; index < ordinals.size() && entry != entries->end(); ++index) {
    if (entry->ordinal == ordinals[index]) {
      addressees[asked_for[index]] = std::move(*entry++);
    }
  }
  co_return addressees;
}

/// What the row carries; or, where it cannot be had, what that means for the row.
boost::asio::awaitable<std::optional<core::DeliveryOutcome>> Broadcaster::open_parcel(ports::Dispatch& dispatch,
                                                                                      Addressee& addressee) {
  std::optional<core::DeliveryOutcome> ready;
  const core::Delivery& delivery = dispatch.delivery;
  CaseFile* file = world_.cases.find(delivery.alert_id);
  dispatch.expires_at = delivery.expires_at;
  const bool is_empty =
      delivery.parcel == core::Parcel::photo_clear || delivery.parcel == core::Parcel::notice_clear;
  if (file != nullptr && !delivery.concerns.empty()) {
    const core::Result<void> known = co_await load_tally(world_, documents_, *file);
    if (!known) {
      ready = core::DeliveryOutcome::retry;  // nobody is chased while it is unknown who has answered
      co_return ready;
    }
  }
  if (standing_of(delivery) != Standing::due) {
    ready = core::DeliveryOutcome::retry;  // unless it is still overtaken when its turn comes: then that is all
    co_return ready;
  }
  if (is_gateway()) {
    dispatch.still_due = [this](const core::Delivery& row) { return !is_paused() && !is_overtaken(row); };
    if (addressee) {
      ready = find_endpoint(std::move(*addressee), dispatch);
    } else {
      ready = co_await look_up_endpoint(*file, dispatch);
    }
  }
  if (delivery.parcel == core::Parcel::notice) {
    dispatch.copy = Documents::kept_copy(*file, delivery.audience);
  }
  if (!ready && !is_empty && !dispatch.copy) {
    ready = co_await open_content(*file, dispatch);
  }
  co_return ready;
}

boost::asio::awaitable<std::optional<core::DeliveryOutcome>> Broadcaster::open_content(CaseFile& file,
                                                                                       ports::Dispatch& dispatch) {
  const core::Delivery& delivery = dispatch.delivery;
  std::optional<core::Refusal> refusal;
  if (delivery.parcel == core::Parcel::notice) {
    core::Result<std::shared_ptr<const core::SignedCopy>> copy =
        co_await documents_.current_copy(file, delivery.audience);
    if (copy) {
      dispatch.copy = *copy;
    } else {
      refusal = copy.error();
    }
  } else {
    core::Result<std::shared_ptr<const core::Photo>> photo = co_await documents_.photo(file);
    if (photo) {
      dispatch.photo = *photo;
    } else {
      refusal = photo.error();
    }
  }
  std::optional<core::DeliveryOutcome> ready;
  if (refusal) {
    // Not found: it was erased, and nothing will bring it back.
    ready =
        refusal->code == core::Errc::not_found ? core::DeliveryOutcome::rejected : core::DeliveryOutcome::retry;
  }
  co_return ready;
}

/// The address and secret of who was deleted meanwhile are still there: it has to hear of the end.
boost::asio::awaitable<std::optional<core::DeliveryOutcome>> Broadcaster::look_up_endpoint(
    const CaseFile& file, ports::Dispatch& dispatch) {
  std::optional<core::DeliveryOutcome> unready;
  const std::optional<core::Ordinal> ordinal = addressee_in(world_, file, dispatch.delivery);
  std::vector<core::Ordinal> one;
  if (ordinal) {
    one.push_back(*ordinal);
  }
  auto entries = co_await world_.tools.ledger.recipients(std::move(one));
  if (!entries) {
    unready = core::DeliveryOutcome::retry;
  } else if (entries->empty()) {
    const bool may_come = standing_of_unknown() == Standing::unknown;
    unready = may_come ? core::DeliveryOutcome::retry : core::DeliveryOutcome::rejected;
  } else {
    unready = find_endpoint(std::move(entries->front()), dispatch);
  }
  co_return unready;
}

/// Rejected: it has no such address any more. Where it was told, it hears of what follows although it has another
/// one since; but nobody is told at an address that was taken out before anything went there.
std::optional<core::DeliveryOutcome> Broadcaster::find_endpoint(ports::DirectoryEntry entry,
                                                                ports::Dispatch& dispatch) const {
  const core::Delivery& row = dispatch.delivery;
  const bool follows = row.kind != core::NoticeKind::alert || row.parcel == core::Parcel::notice_clear;
  for (std::vector<core::Endpoint>* known : {&entry.recipient.endpoints, &entry.former}) {
    const bool is_former = known == &entry.former;
    for (core::Endpoint& endpoint : *known) {
      const bool is_it = row.endpoint == 0 ? !is_former : row.endpoint == core::endpoint_key(endpoint);
      if (endpoint.channel == channel_.kind() && endpoint.retired_at == core::Instant{} && is_it &&
          (!is_former || follows)) {
        dispatch.endpoint = std::move(endpoint);
        dispatch.languages = std::move(entry.recipient.languages);
        dispatch.is_former = is_former;
        return std::nullopt;
      }
    }
  }
  return core::DeliveryOutcome::rejected;
}

boost::asio::awaitable<void> Broadcaster::deliver(ports::Dispatch dispatch,
                                                  std::optional<core::DeliveryOutcome> unready) {
  core::Delivery& delivery = dispatch.delivery;
  const core::Instant now = world_.tools.clock.wall_now();
  const Standing standing = standing_of(delivery);
  if (standing == Standing::overtaken) {
    delivery = core::advance(std::move(delivery), core::Superseded{}, now, 0);
  } else if (core::is_expired(delivery, now)) {
    delivery.state = core::DeliveryState::expired;
  } else {
    delivery = core::advance(std::move(delivery), core::Handed{}, now, 0);
    ports::SendResult result;
    if (unready || standing == Standing::unknown) {
      result.outcome = unready.value_or(core::DeliveryOutcome::retry);
    } else {
      const ports::Clock::Steady begun = world_.tools.clock.steady_now();
      auto sending = channel_.send(dispatch);
      result = co_await std::move(sending);
      note_time(begun, result);
      if (is_gateway() && !dispatch.is_former) {
        note_address(dispatch, result);
      }
    }
    core::Answered answer;
    answer.outcome = result.outcome;
    answer.retry_after = result.retry_after;
    delivery = core::advance(std::move(delivery), answer, world_.paced.now(), world_.tools.entropy.next());
    if (!dispatch.is_former) {
      note_heard(delivery);
      bring_on_next(delivery);
    }
    if (result.outcome != core::DeliveryOutcome::held) {
      ++attempts_[result.outcome];
    }
  }
  settle(delivery);
  --in_flight_;
  if (is_settling_due()) {
    settling_due_.notify();
  }
  // Each claim costs a flush, so not one for each row that becomes free.
  const std::size_t most = channel_.in_flight_max();
  if (in_flight_ + std::max<std::size_t>(1, most / 4) == most) {
    wake_.notify();
  }
}

void Broadcaster::note_time(ports::Clock::Steady begun, const ports::SendResult& result) {
  const ports::Clock::Steady ended = world_.tools.clock.steady_now();
  meter_.ended(core::Instant(std::chrono::duration_cast<core::Duration>(ended.time_since_epoch())),
               std::chrono::duration_cast<core::Duration>(ended - begun), result.outcome);
}

void Broadcaster::note_address(const ports::Dispatch& dispatch, const ports::SendResult& result) {
  if (result.outcome != core::DeliveryOutcome::accepted && !result.address_dead) {
    return;
  }
  retirements_.sent(channel_.kind(), result.address_dead);
  if (!result.address_dead && !retirements_.weighs_any()) {
    return;  // as mostly: whose address it is need not be found out
  }
  const CaseFile* file = world_.cases.find(dispatch.delivery.alert_id);
  const std::optional<core::Ordinal> ordinal =
      file == nullptr ? std::nullopt : addressee_in(world_, *file, dispatch.delivery);
  if (ordinal && result.address_dead) {
    retirements_.dead(*ordinal, dispatch.endpoint, result.dead_since);
  } else if (ordinal) {
    retirements_.alive(*ordinal, dispatch.endpoint);
  }
}

/// Whom this way does not reach, whatever the reason and whether the gateway is to be believed or not, is told by
/// its next one at once.
void Broadcaster::bring_on_next(const core::Delivery& delivery) {
  CaseFile* file = world_.cases.find(delivery.alert_id);
  if (!is_gateway() || delivery.state != core::DeliveryState::rejected || file == nullptr) {
    return;
  }
  const std::optional<core::Ordinal> told = addressee_in(world_, *file, delivery);
  if (!told) {
    return;
  }
  core::Ordinal missed = *told;
  if (!delivery.concerns.empty()) {
    const std::optional<core::Ordinal> silent = ordinal_in(world_, *file, delivery.concerns);
    const bool is_its_own = silent && world_.directory.at(*silent).via.value_or(*silent) == *told;
    missed = is_its_own ? *silent : *told;  // else it is the unit that was not reached
  }
  way_failed(world_, *file, missed, {delivery.channel, delivery.endpoint});
}

/// Once for many: what a metric costs is a good part of what a push costs.
void Broadcaster::count_attempts() {
  for (const auto& [outcome, number] : std::exchange(attempts_, {})) {
    world_.tools.metrics.add(
        "tuanyuan_deliveries_total",
        {{"channel", core::to_string(channel_.kind())}, {"outcome", core::to_string(outcome)}}, number);
  }
}

void Broadcaster::settle(const core::Delivery& delivery) {
  ports::DeliveryUpdate update;
  update.id = delivery.id;
  update.state = delivery.state;
  update.attempts = delivery.attempts;
  update.maybe_sent = delivery.maybe_sent;
  update.not_before = delivery.not_before;
  settled_.push_back(update);
  to_settle_.notify();
}

/// What a gateway has accepted counts as received, and says of itself by whom it was heard (contract, section 5).
void Broadcaster::note_heard(const core::Delivery& delivery) {
  const auto* recipient = std::get_if<core::RecipientId>(&delivery.target);
  const bool heard = is_gateway() && channel_.accepted_is_received() && recipient != nullptr &&
                     delivery.state == core::DeliveryState::accepted && delivery.parcel == core::Parcel::notice;
  if (!heard) {
    return;
  }
  ports::InboundAnswer inbound;
  inbound.connection = *recipient;
  inbound.source = core::AnswerSource::gateway;
  inbound.channel = channel_.kind();
  inbound.answer.alert_id = delivery.alert_id;
  inbound.answer.revision = delivery.version.revision;
  inbound.answer.recipient_id = *recipient;
  inbound.answer.kind = core::AnswerKind::received;
  heard_.push_back(std::move(inbound));
}

/// False: it could not be committed and waits.
boost::asio::awaitable<bool> Broadcaster::record_heard() {
  std::vector<ports::InboundAnswer> heard = std::exchange(heard_, {});
  const std::vector<ports::InboundAnswer> again = heard;
  core::Result<std::vector<core::Receipt>> receipts = co_await answers_.acknowledge(std::move(heard));
  if (!receipts) {
    heard_.insert(heard_.begin(), again.begin(), again.end());
  }
  co_return receipts.has_value();
}

/// The oldest outcomes. False: they could not be committed and wait.
boost::asio::awaitable<bool> Broadcaster::settle_some() {
  const std::size_t count = std::min(settled_.size(), settled_rows_max);
  count_attempts();
  if (!heard_.empty()) {
    const bool recorded = co_await record_heard();
    if (!recorded) {
      world_.tools.log.error("outbox.settle_failed");
      co_return false;
    }
  }
  ports::Commit commit;
  commit.delivery_updates.assign(settled_.begin(), settled_.begin() + static_cast<std::ptrdiff_t>(count));
  const core::Instant now = world_.paced.now();  // one for all: the ledger writes those that say the same together
  for (ports::DeliveryUpdate& update : commit.delivery_updates) {
    update.settled_at = now;
  }
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (!std::holds_alternative<ports::Committed>(result)) {
    world_.tools.log.error("outbox.settle_failed");
    co_return false;
  }
  forget_settled(count);
  co_return true;
}

/// Of one that was claimed again meanwhile the ledger may hold the later lease, and nobody would have it until
/// that runs out: its outcome is written once more. One that is to be tried again waits a moment then: due at
/// once, it would be claimed before it is known to be written, written once more, and so on for ever.
void Broadcaster::forget_settled(std::size_t count) {
  const auto end = settled_.begin() + static_cast<std::ptrdiff_t>(count);
  std::vector<ports::DeliveryUpdate> again;
  for (auto update = settled_.begin(); update != end; ++update) {
    const auto known = under_way_.find(update->id);
    if (known != under_way_.end() && std::exchange(known->second, false)) {
      ports::DeliveryUpdate& once_more = again.emplace_back(*update);
      if (once_more.state == core::DeliveryState::queued) {
        once_more.not_before = std::max(once_more.not_before, world_.paced.now() + settled_again_wait);
      }
    } else if (known != under_way_.end()) {
      under_way_.erase(known);
    }
  }
  settled_.erase(settled_.begin(), end);
  settled_.insert(settled_.end(), again.begin(), again.end());
}

boost::asio::awaitable<void> Broadcaster::settle_in_batches() {
  for (;;) {
    co_await to_settle_.wait();
    while (!settled_.empty()) {
      const bool committed = co_await settle_some();
      const ports::Clock::Steady now = world_.tools.clock.steady_now();
      if (!committed) {
        co_await world_.tools.clock.sleep_until(now + claim_pause_max);
      } else if (!is_settling_due()) {
        co_await settling_due_.wait_until(world_.tools.clock, now + settle_pause);
      }
    }
  }
}

}  // namespace tuanyuan::engine
