#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "adapters/mqtt/topics.hpp"
#include "core/notice.hpp"
#include "ports/notary.hpp"

namespace tuanyuan::simulation {

/// A notice as it stands on a topic, decoded once for all who hear it. No notice: the topic was emptied.
struct Copy {
  mqtt::Topic topic;
  core::AlertId alert_id;
  std::shared_ptr<const std::string> bytes;
  std::shared_ptr<const core::Notice> notice;
  bool genuine = false;  ///< signed by a key of its own status
};
using CopyPtr = std::shared_ptr<const Copy>;

/// Reads what was published on a notice or direct topic.
CopyPtr read_copy(const mqtt::Topic& topic, const core::AlertId& alert, std::shared_ptr<const std::string> bytes);

/// Signs cheaply, with one key for each use, as the real one does.
class ToyNotary final : public ports::Notary {
 public:
  core::Result<core::SignedCopy> sign(const core::Notice& notice, core::Instant now) override;
  ports::PublishedKeys published(core::Instant) override { return {}; }
};

}  // namespace tuanyuan::simulation
