#include "simulation/people/registrar.hpp"

#include <algorithm>

namespace tuanyuan::simulation {
namespace {

using std::chrono::seconds;

constexpr Span patience{std::chrono::seconds(40)};  ///< without an answer

}  // namespace

/// One change, until it is made.
struct Registrar::Asking {
  Request request;
  std::uint64_t tries = 0;
  bool answered = false;
};

Registrar::Registrar(Stage& stage, Desk& desk, Random random) : stage_(stage), desk_(desk), random_(random) {}

void Registrar::begin() {
  if (!done()) {
    think();
  }
}

void Registrar::heal() {
  if (thinks_) {
    think();
  }
}

void Registrar::think() {
  const Change& change = stage_.scenario.changes[next_];
  const Span pause = stage_.faults.healed() ? std::min<Span>(change.after, seconds(5)) : change.after;
  thinks_ = true;
  stage_.clock.after(pause, [this, mine = ++thoughts_] {
    if (mine != thoughts_) {
      return;
    }
    thinks_ = false;
    const Change& due = stage_.scenario.changes[next_];
    const auto asking = std::make_shared<Asking>();
    asking->request.verb = due.leaves ? Verb::strike : Verb::enrol;
    asking->request.key = std::string(to_string(asking->request.verb)) + "/" + std::to_string(next_);
    asking->request.recipient = due.becomes;
    insist(asking);
  });
}

void Registrar::insist(const std::shared_ptr<Asking>& asking) {
  const std::uint64_t mine = ++asking->tries;
  desk_.send(asking->request, [this, asking, mine](const Reply& reply) {
    if (asking->answered || mine != asking->tries) {
      return;
    }
    if (reply.done()) {
      asking->answered = true;
      ++next_;
      begin();
      return;
    }
    ++asking->tries;
    stage_.clock.after(random_.between(seconds(1), seconds(8)), [this, asking] { insist(asking); });
  });
  stage_.clock.after(patience, [this, asking, mine] {
    if (!asking->answered && mine == asking->tries) {
      insist(asking);
    }
  });
}

}  // namespace tuanyuan::simulation
