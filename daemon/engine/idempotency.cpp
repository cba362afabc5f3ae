#include "engine/idempotency.hpp"

#include <utility>

namespace tuanyuan::engine {

boost::asio::awaitable<core::Result<std::optional<ports::IdempotencyRecord>>> earlier(World& world,
                                                                                      ports::Idempotency once) {
  const bool certain = co_await is_certain(world);
  if (!certain) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  std::optional<ports::IdempotencyRecord> none;
  if (once.key.empty()) {
    co_return none;
  }
  auto read = co_await world.tools.ledger.idempotency(std::move(once.key));
  if (!read) {
    co_return core::Refusal(core::Errc::unavailable);
  }
  if (*read && (*read)->body_digest != once.body_digest) {
    co_return core::Refusal(core::Errc::idempotency_reused);
  }
  co_return std::move(*read);
}

void remember(ports::Commit& commit, const ports::Idempotency& once, std::string subject, std::uint32_t entries,
              core::Instant now) {
  if (once.key.empty()) {
    return;
  }
  ports::IdempotencyRecord record;
  record.key = once.key;
  record.body_digest = once.body_digest;
  record.subject = std::move(subject);
  record.entries = entries;
  record.recorded_at = now;
  commit.idempotency = std::move(record);
}

}  // namespace tuanyuan::engine
