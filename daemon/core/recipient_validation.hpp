#pragma once

#include "core/recipient.hpp"
#include "core/refusal.hpp"

namespace tuanyuan::core {

/// Contract, section 5: what makes a directory entry one that can be reached. All errors at once, by JSON
/// path. Whether `via` and `unit` exist is looked up by whoever asks; which hosts a webhook may name without
/// TLS the configuration says.
Result<void> validate(const Recipient& recipient);

}  // namespace tuanyuan::core
