#pragma once

#include <compare>
#include <set>

#include "core/recipient_set.hpp"
#include "core/way.hpp"

namespace tuanyuan::engine {

/// Somebody, and by which of its endpoints.
struct Told {
  core::Ordinal recipient = 0;
  core::Way way;

  friend auto operator<=>(const Told&, const Told&) = default;
};

/// Who was told through gateways, and by which endpoints: a recall goes to exactly these. MQTT is not among them.
class ToldBy {
 public:
  void add(core::Ordinal recipient, core::Way way) { all_.insert({recipient, way}); }
  void add(const ToldBy& others) { all_.insert(others.all_.begin(), others.all_.end()); }
  void remove(const Told& told) { all_.erase(told); }
  void clear() { all_.clear(); }

  bool empty() const { return all_.empty(); }
  bool contains(const Told& told) const { return all_.contains(told); }
  bool contains(core::Ordinal recipient) const;
  bool contains(core::Ordinal recipient, core::ChannelKind gateway) const;
  core::RecipientSet everybody() const;
  /// By endpoint.
  std::vector<core::Way> of(core::Ordinal recipient) const;
  ToldBy without(const ToldBy& others) const;

  /// By recipient.
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }
  friend bool operator==(const ToldBy&, const ToldBy&) = default;

 private:
  std::set<Told> all_;
};

}  // namespace tuanyuan::engine
