#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tools/station/moment.hpp"
#include "tools/station/topics.hpp"
#include "tools/station/totals.hpp"
#include "tools/station/verifier.hpp"

namespace tuanyuan::station {

/// The same for every station of a process.
struct MindSettings {
  std::string prefix{default_prefix};
  bool json = false;                 ///< reads and writes JSON instead of protobuf
  Steady photo_ms_max{2'000};        ///< how long a notice waits for its picture before it is shown without
  std::size_t alerts_max = 1'000;    ///< remembered, recalled ones included
  std::size_t unverified_max = 100;  ///< held until their key is published
};

/// Each picture once, however many stations show it, and no longer than one of them does.
class PhotoShelf {
 public:
  std::shared_ptr<const std::string> keep(std::string_view bytes, const std::string& sha256) {
    std::weak_ptr<const std::string>& place = places_[sha256];
    std::shared_ptr<const std::string> photo = place.lock();
    if (photo == nullptr) {
      photo = std::make_shared<const std::string>(bytes);
      std::erase_if(places_, [&](const auto& other) { return other.first != sha256 && other.second.expired(); });
      places_[sha256] = photo;
    }
    return photo;
  }

 private:
  std::map<std::string, std::weak_ptr<const std::string>> places_;
};

/// What the stations of one process have in common. One thread.
struct Commons {
  MindSettings settings;
  Verifier verifier;
  PhotoShelf photos;
  Totals totals;

  /// `ca`: PEM.
  Commons(MindSettings its_settings, std::string_view ca) : settings(std::move(its_settings)), verifier(ca) {}
};

}  // namespace tuanyuan::station
