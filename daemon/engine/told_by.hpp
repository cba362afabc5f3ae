#pragma once

#include <compare>
#include <vector>

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
/// An array in order, for each decision copies it and goes through all of it.
class ToldBy {
 public:
  /// Cheap in the order of the recipients; else as dear as what stands behind it.
  void add(core::Ordinal recipient, core::Way way);
  void add(const ToldBy& others);
  void clear() { all_.clear(); }

  bool empty() const { return all_.empty(); }
  bool contains(const Told& told) const;
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
  std::vector<Told> all_;  ///< each once
};

}  // namespace tuanyuan::engine
