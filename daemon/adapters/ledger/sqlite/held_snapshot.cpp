#include "adapters/ledger/sqlite/held_snapshot.hpp"

namespace tuanyuan::ledger {

void HeldSnapshot::hold(std::uint64_t generation) {
  const auto now = now_();
  if (snapshot_ && generation == generation_ && now - begun_ < held_snapshot_age_max) {
    return;
  }
  end();
  snapshot_.emplace(database_);
  generation_ = generation;
  begun_ = now;
}

}  // namespace tuanyuan::ledger
