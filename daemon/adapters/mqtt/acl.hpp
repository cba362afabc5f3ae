#pragma once

#include <string>

#include "adapters/mqtt/topics.hpp"
#include "core/recipient.hpp"

namespace tuanyuan::mqtt {

/// The rules that need no directory, in mosquitto's acl_file format: what every recipient may do with the topics
/// that bear its name (the broker knows it by its certificate's CN), and the daemon's own rights.
std::string acl_rules_for_all(const Topics& topics, const std::string& daemon_user);

/// One recipient's rules: the keys, and the notices and photos of its own audience and division, no others'.
/// Appends nothing for an id that could not stand in a certificate and a topic.
void append_acl_rules(const core::Recipient& recipient, const Topics& topics, std::string& out);

}  // namespace tuanyuan::mqtt
