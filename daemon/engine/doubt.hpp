#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <set>

#include "core/ids.hpp"
#include "ports/ledger.hpp"

namespace tuanyuan::engine {

struct World;

/// What memory may have missed, because a commit's outcome was not learnt: it may be in the ledger all the same.
class Doubt {
 public:
  /// What of memory a commit concerns.
  struct Of {
    explicit Of(const ports::Commit& commit);
    Of() = default;
    std::set<core::AlertId> alerts;
    bool directory = false;
    bool pauses = false;
  };

  bool any() const { return of_.directory || of_.pauses || !of_.alerts.empty(); }
  void add(const Of& more);

 private:
  friend boost::asio::awaitable<bool> resolve(World& world);

  Of of_;
  std::uint64_t added_ = 0;
};

/// Reads what is in doubt from the ledger and takes it into memory. False: it could not be read, and the doubt
/// stays.
boost::asio::awaitable<bool> resolve(World& world);

}  // namespace tuanyuan::engine
