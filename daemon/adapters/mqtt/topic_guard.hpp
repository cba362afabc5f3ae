#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/mqtt/topics.hpp"
#include "core/notice.hpp"
#include "core/time.hpp"

namespace tuanyuan::mqtt {

/// Remembers the highest version that was handed to the broker on each topic, so that a late retry of an alert
/// is not published over its recall (promise 4), and what was published, so that foreign bytes under the same
/// version are noticed. Bounded: past guarded_topics_max a new topic is let through unremembered, for the
/// ledger's own order stands before this one. Loop thread.
class TopicGuard {
 public:
  explicit TopicGuard(std::size_t topics_max);

  /// Whether this version may be published on the topic (the protobuf one of a pair), and if so remembers it
  /// until `expires_at`; a time of zero: for good.
  bool admit(const std::string& topic, core::Version version, core::Instant expires_at);

  /// What is published there in that encoding.
  void note_payload(const std::string& topic, Encoding encoding, std::string_view payload);
  /// Whether other bytes than these were published under this very version. False where nothing is known.
  bool differs(const std::string& topic, core::Version version, Encoding encoding, std::string_view payload) const;

  /// Drops what has expired.
  void sweep(core::Instant now);

  std::size_t size() const { return topics_.size(); }

 private:
  struct Entry {
    core::Version version;
    core::Instant expires_at;
    std::size_t protobuf_hash = 0;
    std::size_t json_hash = 0;
  };

  std::size_t topics_max_;
  std::unordered_map<std::string, Entry> topics_;
};

}  // namespace tuanyuan::mqtt
