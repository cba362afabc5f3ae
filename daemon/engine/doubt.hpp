#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <set>

#include "core/ids.hpp"
#include "core/time.hpp"
#include "ports/ledger.hpp"
#include "runtime/under_way.hpp"

namespace tuanyuan::engine {

struct World;

/// How long a reading waits for the answers to what was handed to the ledger before it. The ledger answers sooner,
/// or is so ill that nothing can be read from it either.
inline constexpr core::Duration commits_answered_max = std::chrono::seconds(60);

/// What memory may have missed: commits whose outcome was not learnt, which may be in the ledger all the same, and
/// those that are still on their way.
class Doubt {
 public:
  /// What of memory a commit concerns.
  struct Of {
    explicit Of(const ports::Commit& commit);
    Of() = default;
    void add(const Of& more);
    bool any() const { return directory || pauses || journal || !alerts.empty() || !sighted.empty(); }

    std::set<core::AlertId> alerts;
    std::set<core::AlertId> sighted;  ///< somebody may have seen their child
    bool directory = false;
    bool pauses = false;
    bool journal = false;  ///< it may be longer
  };

  explicit Doubt(boost::asio::any_io_executor loop) : on_their_way_(loop), readings_(loop) {}

  /// Whether an outcome was not learnt.
  bool any() const { return of_.any(); }
  bool concerns(const core::AlertId& alert) const {
    return of_.alerts.contains(alert) || of_.sighted.contains(alert);
  }
  /// Whether the ledger may hold what memory does not know (yet): what was read there may be of that.
  bool may_be_more() const { return any() || on_their_way_.any(); }
  void add(const Of& more) { of_.add(more); }
  /// A commit of which memory has something is handed to the ledger, until it is answered and taken into memory.
  runtime::UnderWay::One hand_over() { return on_their_way_.begin(); }

 private:
  friend boost::asio::awaitable<bool> resolve(World& world);

  Of of_;
  runtime::UnderWay on_their_way_;
  runtime::UnderWay readings_;
};

/// Reads what is in doubt from the ledger and takes it into memory, as if its outcome had been learnt. False: it
/// could not be read, and the doubt stays. Several at once are one. Only where something is in doubt: else others
/// are begun beside it, and what comes into doubt by them would be taken for read.
boost::asio::awaitable<bool> resolve(World& world);
/// Whether nothing is in doubt, or not any more.
boost::asio::awaitable<bool> is_certain(World& world);

}  // namespace tuanyuan::engine
