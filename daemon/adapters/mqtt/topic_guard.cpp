#include "adapters/mqtt/topic_guard.hpp"

#include <algorithm>
#include <functional>

namespace tuanyuan::mqtt {
namespace {

// Zero means "not published here".
std::size_t hash_of(std::string_view payload) {
  return std::max<std::size_t>(1, std::hash<std::string_view>{}(payload));
}

}  // namespace

TopicGuard::TopicGuard(std::size_t topics_max) : topics_max_(topics_max) {}

bool TopicGuard::admit(const std::string& topic, core::Version version, core::Instant expires_at) {
  const auto found = topics_.find(topic);
  if (found == topics_.end()) {
    if (topics_.size() < topics_max_) {
      topics_.emplace(topic, Entry{version, expires_at, 0, 0});
    }
    return true;
  }
  Entry& entry = found->second;
  if (version < entry.version) {
    return false;
  }
  if (version > entry.version) {
    entry = Entry{version, expires_at, 0, 0};
  }
  entry.expires_at = std::max(entry.expires_at, expires_at);
  return true;
}

void TopicGuard::note_payload(const std::string& topic, Encoding encoding, std::string_view payload) {
  const auto found = topics_.find(topic);
  if (found == topics_.end()) {
    return;
  }
  Entry& entry = found->second;
  (encoding == Encoding::json ? entry.json_hash : entry.protobuf_hash) = hash_of(payload);
}

bool TopicGuard::differs(const std::string& topic, core::Version version, Encoding encoding,
                         std::string_view payload) const {
  const auto found = topics_.find(topic);
  if (found == topics_.end() || found->second.version != version) {
    return false;
  }
  const std::size_t published = encoding == Encoding::json ? found->second.json_hash : found->second.protobuf_hash;
  return published != 0 && published != hash_of(payload);
}

void TopicGuard::sweep(core::Instant now) {
  std::erase_if(topics_, [now](const auto& item) {
    return item.second.expires_at != core::Instant{} && item.second.expires_at <= now;
  });
}

}  // namespace tuanyuan::mqtt
