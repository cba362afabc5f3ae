#include "engine/recipient_service.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/idempotency.hpp"

namespace tuanyuan::engine {
namespace {

/// What is asked of the ledger in one read.
constexpr std::size_t recipients_per_read_max = 1'000;
/// Nothing is folded for a repeat of a change of the directory: its subject names what was changed.
constexpr std::string_view directory_subject = "directory";

/// Secrets are write-only.
void hide_secrets(core::Recipient& recipient) {
  for (core::Endpoint& endpoint : recipient.endpoints) {
    endpoint.secret.clear();
  }
}

bool wants_secrets(const core::Recipient& recipient) {
  return std::any_of(recipient.endpoints.begin(), recipient.endpoints.end(), [](const core::Endpoint& endpoint) {
    return endpoint.channel != core::ChannelKind::mqtt && endpoint.secret.empty();
  });
}

/// A recipient without a secret keeps what was there for the same endpoint.
void keep_secrets(core::Recipient& recipient, const core::Recipient& before) {
  for (core::Endpoint& endpoint : recipient.endpoints) {
    if (!endpoint.secret.empty()) {
      continue;
    }
    const auto same =
        std::find_if(before.endpoints.begin(), before.endpoints.end(), [&](const core::Endpoint& old) {
          return old.channel == endpoint.channel && old.address == endpoint.address;
        });
    if (same != before.endpoints.end()) {
      endpoint.secret = same->secret;
    }
  }
}

/// By which endpoints alerts have told it that may still have to be recalled; none: that is not known of all.
std::optional<core::EndpointKeys> told_by(const World& world, core::Ordinal ordinal) {
  core::EndpointKeys keys;
  for (const auto& [id, file] : world.cases.all()) {
    if (file.state.issued() && !file.state.cleared && !file.tally_loaded) {
      return std::nullopt;
    }
    for (const ToldBy* told : {&file.told_by, &file.maybe_told_by}) {
      for (const core::Way way : told->of(ordinal)) {
        keys.push_back(way.endpoint);
      }
    }
  }
  return keys;
}

/// What a recipient had before the last change is forgotten with the next one, if no alert went there.
void forget_former(const World& world, std::vector<ports::RecipientChange>& changes) {
  for (ports::RecipientChange& change : changes) {
    const std::optional<core::Ordinal> ordinal = world.directory.find(change.recipient.id.value);
    if (ordinal && world.endpoints.has_former(*ordinal)) {
      change.needed = told_by(world, *ordinal);
    }
  }
}

}  // namespace

boost::asio::awaitable<core::Result<core::Recipient>> RecipientService::stored(core::RecipientId id) {
  const std::optional<core::Ordinal> ordinal = world_.directory.find(id.value);
  if (!ordinal) {
    co_return core::Refusal(core::Errc::not_found);
  }
  std::vector<core::Ordinal> one{*ordinal};
  auto rows = co_await world_.tools.ledger.recipients(std::move(one));
  if (!rows || rows->empty()) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  co_return std::move(rows->front().recipient);
}

boost::asio::awaitable<core::Result<void>> RecipientService::keep_secrets_of_known(
    std::vector<core::Recipient>& recipients) {
  std::unordered_map<core::Ordinal, core::Recipient*> known;
  for (core::Recipient& recipient : recipients) {
    if (wants_secrets(recipient)) {
      if (const std::optional<core::Ordinal> ordinal = world_.directory.find(recipient.id.value)) {
        known.emplace(*ordinal, &recipient);
      }
    }
  }
  std::vector<core::Ordinal> asked;
  for (auto next = known.begin(); next != known.end();) {
    asked.push_back(next->first);
    ++next;
    if (asked.size() < recipients_per_read_max && next != known.end()) {
      continue;
    }
    auto rows = co_await world_.tools.ledger.recipients(std::move(asked));
    asked.clear();
    if (!rows) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    for (const ports::DirectoryEntry& entry : *rows) {
      keep_secrets(*known.at(entry.ordinal), entry.recipient);
    }
  }
  co_return core::Result<void>();
}

/// Who puts an address says that somebody is there, whether it was retired or is about to be; a file that is
/// imported again and again does not, and would have it tried each time. What is weighed is forgotten before the
/// change is written, so that no retirement can begin behind it; one that has begun is written first.
std::vector<ports::RetiredEndpoint> RecipientService::revive(const core::Recipient& put) {
  std::vector<ports::RetiredEndpoint> revived;
  const std::optional<core::Ordinal> ordinal = world_.directory.find(put.id.value);
  for (const core::Endpoint& endpoint : put.endpoints) {
    if (ordinal && (world_.endpoints.is_retired(*ordinal, core::way_of(endpoint)) ||
                    retirements_.is_weighed(*ordinal, endpoint))) {
      retirements_.alive(*ordinal, endpoint);
      revived.push_back({*ordinal, endpoint.channel, endpoint.address, {}});
    }
  }
  return revived;
}

/// A gateway may learn late that an address is in use again.
void RecipientService::note_put(const core::Recipient& put) {
  const std::optional<core::Ordinal> ordinal = world_.directory.find(put.id.value);
  for (const core::Endpoint& endpoint : put.endpoints) {
    if (ordinal && endpoint.channel != core::ChannelKind::mqtt) {
      retirements_.put(*ordinal, endpoint);
    }
  }
}

/// As the ledger has it now: what was retired is so still, unless it was revived.
void RecipientService::enter(core::Ordinal ordinal, core::Recipient recipient,
                             const std::vector<ports::RetiredEndpoint>& revived) {
  for (core::Endpoint& endpoint : recipient.endpoints) {
    const bool is_revived =
        std::any_of(revived.begin(), revived.end(), [&endpoint](const ports::RetiredEndpoint& each) {
          return each.channel == endpoint.channel && each.address == endpoint.address;
        });
    if (!is_revived && world_.endpoints.is_retired(ordinal, core::way_of(endpoint))) {
      endpoint.retired_at = world_.tools.clock.wall_now();
    }
  }
  world_.enter(ordinal, recipient);
}

boost::asio::awaitable<core::Result<void>> RecipientService::commit_changes(
    core::Caller caller, core::EntryBody body, std::vector<ports::RecipientChange> changes,
    std::vector<ports::RetiredEndpoint> revived, ports::Idempotency once) {
  const core::Instant now = world_.tools.clock.wall_now();
  ports::Commit commit;
  commit.entries.push_back({now, caller.actor(), {}, std::move(body)});
  forget_former(world_, changes);
  commit.recipients = changes;
  commit.retired = revived;
  remember(commit, once, std::string(directory_subject), 0, now);
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  if (const auto* conflict = std::get_if<ports::Conflict>(&result); conflict != nullptr && conflict->idempotency) {
    co_return core::Result<void>();  // the same request, sent twice at once: the other one made the change
  }
  const auto* committed = std::get_if<ports::Committed>(&result);
  if (committed == nullptr) {
    co_return refusal_of(result);
  }
  for (std::size_t index = 0; index < changes.size(); ++index) {
    if (changes[index].deleted) {
      world_.strike(committed->ordinals[index]);
    } else {
      enter(committed->ordinals[index], std::move(changes[index].recipient), revived);
    }
  }
  if (world_.directory_changed) {
    world_.directory_changed();
  }
  co_return core::Result<void>();
}

boost::asio::awaitable<core::Result<ports::Listed<core::Recipient>>> RecipientService::list(core::Caller caller,
                                                                                            ports::Page page) {
  static_cast<void>(caller);
  core::RecipientId after(page.token);
  auto rows = co_await world_.tools.ledger.recipients_by_id(std::move(after), page.size + 1);
  if (!rows) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  ports::Listed<core::Recipient> listed;
  for (ports::DirectoryEntry& entry : *rows) {
    if (listed.items.size() == page.size) {
      listed.next_token = listed.items.back().id.value;
      break;
    }
    hide_secrets(entry.recipient);
    listed.items.push_back(std::move(entry.recipient));
  }
  co_return std::move(listed);
}

boost::asio::awaitable<core::Result<core::Recipient>> RecipientService::get(core::Caller caller,
                                                                            core::RecipientId id) {
  static_cast<void>(caller);
  core::Result<core::Recipient> found = co_await stored(std::move(id));
  if (found) {
    hide_secrets(*found);
  }
  co_return found;
}

boost::asio::awaitable<core::Result<core::Recipient>> RecipientService::put(core::Caller caller,
                                                                            core::Recipient recipient,
                                                                            ports::Idempotency once) {
  core::Result<std::optional<ports::IdempotencyRecord>> repeated = co_await earlier(world_, once);
  if (!repeated) {
    co_return repeated.error();
  }
  if (!*repeated) {
    std::vector<core::Recipient> one;
    one.push_back(recipient);
    core::Result<void> kept = co_await keep_secrets_of_known(one);
    if (!kept) {
      co_return kept.error();
    }
    std::vector<ports::RecipientChange> changes;
    changes.push_back({std::move(one.front()), false});
    core::EntryBody body = core::RecipientPut{recipient.id};
    std::vector<ports::RetiredEndpoint> revived = revive(recipient);
    core::Result<void> done = co_await commit_changes(std::move(caller), std::move(body), std::move(changes),
                                                      std::move(revived), std::move(once));
    note_put(recipient);  // also where the outcome was not learnt: a repetition is answered without it
    if (!done) {
      co_return done.error();
    }
  }
  hide_secrets(recipient);
  co_return std::move(recipient);
}

boost::asio::awaitable<core::Result<bool>> RecipientService::remove(core::Caller caller, core::RecipientId id,
                                                                    ports::Idempotency once) {
  core::Result<std::optional<ports::IdempotencyRecord>> repeated = co_await earlier(world_, once);
  if (!repeated) {
    co_return repeated.error();
  }
  if (*repeated) {
    co_return true;
  }
  if (!world_.directory.find(id.value)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Recipient gone;
  gone.id = id;
  std::vector<ports::RecipientChange> changes;
  changes.push_back({std::move(gone), true});
  std::vector<ports::RetiredEndpoint> none;
  core::EntryBody body = core::RecipientDeleted{std::move(id)};
  core::Result<void> done = co_await commit_changes(std::move(caller), std::move(body), std::move(changes),
                                                    std::move(none), std::move(once));
  if (!done) {
    co_return done.error();
  }
  co_return true;
}

boost::asio::awaitable<core::Result<std::uint32_t>> RecipientService::import(
    core::Caller caller, std::vector<core::Recipient> recipients, ports::Idempotency once) {
  const auto count = static_cast<std::uint32_t>(recipients.size());
  core::Result<std::optional<ports::IdempotencyRecord>> repeated = co_await earlier(world_, once);
  if (!repeated) {
    co_return repeated.error();
  }
  if (*repeated) {
    co_return count;
  }
  core::Result<void> kept = co_await keep_secrets_of_known(recipients);
  if (!kept) {
    co_return kept.error();
  }
  std::vector<ports::RecipientChange> changes;
  changes.reserve(recipients.size());
  for (core::Recipient& recipient : recipients) {
    changes.push_back({std::move(recipient), false});
  }
  std::vector<ports::RetiredEndpoint> none;
  core::EntryBody body = core::RecipientsImported{count};
  core::Result<void> done = co_await commit_changes(std::move(caller), std::move(body), std::move(changes),
                                                    std::move(none), std::move(once));
  if (!done) {
    co_return done.error();
  }
  co_return count;
}

}  // namespace tuanyuan::engine
