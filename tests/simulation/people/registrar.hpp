#pragma once

#include <cstdint>
#include <memory>

#include "simulation/people/desk.hpp"

namespace tuanyuan::simulation {

/// Who keeps the directory: while alerts are out recipients join, move, have other hours, another hub or another
/// unit, and leave. One change after the other, each repeated with its key until there is an answer.
class Registrar {
 public:
  Registrar(Stage& stage, Desk& desk, Random random);

  void begin();

  /// The pauses that a scenario draws are as long as its trouble: what is left of one is not waited for.
  void heal();

  bool done() const { return next_ == stage_.scenario.changes.size(); }

 private:
  struct Asking;
  void think();
  void insist(const std::shared_ptr<Asking>& asking);

  Stage& stage_;
  Desk& desk_;
  Random random_;
  std::size_t next_ = 0;
  bool thinks_ = false;
  std::uint64_t thoughts_ = 0;
};

}  // namespace tuanyuan::simulation
