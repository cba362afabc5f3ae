#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulation/people/desk.hpp"

namespace tuanyuan::simulation {

/// The officers of one case, from the report to its end, as their plan says. They ask for one thing after the
/// other; each is repeated with its key until there is an answer that is not "not now". What else they may do is
/// added to next_step().
class Officers {
 public:
  Officers(Stage& stage, Desk& desk, std::size_t case_number);

  void begin();
  bool done() const { return done_; }

 private:
  using Then = std::function<void(const Reply&)>;
  struct Asking;

  Request request(Verb verb);
  /// Until it is answered. By two officers, or with two clicks, where that is their way.
  void ask(Request request, Then then);
  void insist(const std::shared_ptr<Asking>& asking);
  void think(std::function<void()> then);

  void submitted(const Reply& reply);
  void decide();
  void released(const Reply& reply);
  void review();
  void next_step();
  void telephone();

  Stage& stage_;
  Desk& desk_;
  const CasePlan& plan_;
  std::size_t number_;
  Random random_;
  core::ReportId report_;
  core::AlertId alert_;
  int requests_ = 0;
  int updates_ = 0;
  std::size_t deeds_ = 0;
  bool telephoned_ = false;
  int reviews_ = 0;
  bool done_ = false;
};

}  // namespace tuanyuan::simulation
