#include "engine/recipient_service.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::engine {
namespace {

/// Secrets are write-only.
void hide_secrets(core::Recipient& recipient) {
  for (core::Endpoint& endpoint : recipient.endpoints) {
    endpoint.secret.clear();
  }
}

/// A put without a secret keeps what was there for the same endpoint.
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

boost::asio::awaitable<core::Result<void>> RecipientService::commit_changes(
    core::Caller caller, core::EntryBody body, std::vector<ports::RecipientChange> changes) {
  const core::Instant now = world_.tools.clock.wall_now();
  ports::Commit commit;
  commit.entries.push_back({now, caller.actor(), {}, std::move(body)});
  commit.recipients = changes;
  ports::CommitResult result = co_await world_.commit(std::move(commit));
  const auto* committed = std::get_if<ports::Committed>(&result);
  if (committed == nullptr) {
    co_return refusal_of(result);
  }
  for (std::size_t index = 0; index < changes.size(); ++index) {
    if (changes[index].deleted) {
      world_.directory.remove(committed->ordinals[index]);
    } else {
      world_.directory.put(committed->ordinals[index], changes[index].recipient);
    }
  }
  if (changed_) {
    changed_();
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
                                                                            core::Recipient recipient) {
  core::RecipientId id = recipient.id;
  core::Result<core::Recipient> before = co_await stored(std::move(id));
  if (before) {
    keep_secrets(recipient, *before);
  } else if (before.error().code != core::Errc::not_found) {
    co_return before.error();
  }
  std::vector<ports::RecipientChange> changes;
  changes.push_back({recipient, false});
  core::EntryBody body = core::RecipientPut{recipient.id};
  core::Result<void> done = co_await commit_changes(std::move(caller), std::move(body), std::move(changes));
  if (!done) {
    co_return done.error();
  }
  hide_secrets(recipient);
  co_return std::move(recipient);
}

boost::asio::awaitable<core::Result<bool>> RecipientService::remove(core::Caller caller, core::RecipientId id) {
  if (!world_.directory.find(id.value)) {
    co_return core::Refusal(core::Errc::not_found);
  }
  core::Recipient gone;
  gone.id = id;
  std::vector<ports::RecipientChange> changes;
  changes.push_back({std::move(gone), true});
  core::EntryBody body = core::RecipientDeleted{std::move(id)};
  core::Result<void> done = co_await commit_changes(std::move(caller), std::move(body), std::move(changes));
  if (!done) {
    co_return done.error();
  }
  co_return true;
}

boost::asio::awaitable<core::Result<std::uint32_t>> RecipientService::import(
    core::Caller caller, std::vector<core::Recipient> recipients) {
  const auto count = static_cast<std::uint32_t>(recipients.size());
  std::vector<ports::RecipientChange> changes;
  changes.reserve(recipients.size());
  for (core::Recipient& recipient : recipients) {
    changes.push_back({std::move(recipient), false});
  }
  core::EntryBody body = core::RecipientsImported{count};
  core::Result<void> done = co_await commit_changes(std::move(caller), std::move(body), std::move(changes));
  if (!done) {
    co_return done.error();
  }
  co_return count;
}

}  // namespace tuanyuan::engine
