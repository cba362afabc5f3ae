#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/world.hpp"
#include "ports/case_desk.hpp"

namespace tuanyuan::engine {

/// The record of an earlier request with this key: none, or a refusal when the key came with another body. What is
/// in doubt is resolved before: a request must not be answered as done while memory knows nothing of it.
boost::asio::awaitable<core::Result<std::optional<ports::IdempotencyRecord>>> earlier(World& world,
                                                                                      ports::Idempotency once);

/// Uses the key up with this commit. The answer is found again by folding `subject` up to `entries`, or is what
/// `subject` names today where a repeat changes nothing.
void remember(ports::Commit& commit, const ports::Idempotency& once, std::string subject, std::uint32_t entries,
              core::Instant now);

}  // namespace tuanyuan::engine
