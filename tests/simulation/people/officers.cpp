#include "simulation/people/officers.hpp"

#include <algorithm>
#include <utility>

namespace tuanyuan::simulation {
namespace {

using std::chrono::seconds;

constexpr Span patience{std::chrono::seconds(40)};  ///< without an answer; a slow ledger is no reason to ask again
constexpr Span second_click{35};

bool is_for_later(const Reply& reply) {
  return reply.refused == core::Errc::unavailable || reply.refused == core::Errc::overloaded;
}

}  // namespace

/// One thing that is asked for, until there is an answer.
struct Officers::Asking {
  Request request;
  Then then;
  std::uint64_t tries = 0;
  bool answered = false;
};

Officers::Officers(Stage& stage, Desk& desk, std::size_t case_number)
    : stage_(stage),
      desk_(desk),
      plan_(stage.scenario.cases[case_number]),
      number_(case_number),
      random_(stage.random.fork("officers")) {}

Request Officers::request(Verb verb) {
  Request made;
  made.verb = verb;
  made.case_number = number_;
  made.key = std::string(to_string(verb)) + "/" + std::to_string(number_) + "/" + std::to_string(++requests_);
  made.report = report_;
  made.alert = alert_;
  made.version = updates_;
  return made;
}

void Officers::think(std::function<void()> then) {
  const Span longest =
      stage_.faults.healed() ? std::min<Span>(plan_.between_steps, seconds(10)) : plan_.between_steps;
  stage_.clock.after(random_.between(longest / 2, longest), std::move(then));
}

void Officers::ask(Request request, Then then) {
  const bool decision = request.verb != Verb::submit && request.verb != Verb::preview;
  const auto asking = std::make_shared<Asking>();
  asking->request = std::move(request);
  asking->then = std::move(then);
  insist(asking);
  if (plan_.double_clicks) {
    stage_.clock.after(second_click, [this, asking] { desk_.send(asking->request, [](const Reply&) {}); });
  }
  if (plan_.two_at_once && decision) {
    const auto other = std::make_shared<Asking>();
    other->request = asking->request;
    other->request.key += "/other";
    other->then = [](const Reply&) {};
    insist(other);
  }
}

void Officers::insist(const std::shared_ptr<Asking>& asking) {
  const std::uint64_t mine = ++asking->tries;
  desk_.send(asking->request, [this, asking, mine](const Reply& reply) {
    if (asking->answered || mine != asking->tries) {
      return;
    }
    if (!is_for_later(reply)) {
      asking->answered = true;
      asking->then(reply);
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

void Officers::begin() {
  stage_.clock.after(plan_.begins,
                     [this] { ask(request(Verb::submit), [this](const Reply& reply) { submitted(reply); }); });
}

void Officers::submitted(const Reply& reply) {
  if (!reply.done()) {
    done_ = true;
    return;
  }
  report_ = reply.report->id;
  alert_ = reply.report->alert_id;
  think([this] {
    if (plan_.previewed) {
      ask(request(Verb::preview), [this](const Reply&) { think([this] { decide(); }); });
    } else {
      decide();
    }
  });
}

void Officers::decide() {
  if (plan_.rejected) {
    ask(request(Verb::reject), [this](const Reply&) { done_ = true; });
  } else {
    ask(request(Verb::release), [this](const Reply& reply) { released(reply); });
  }
}

/// Another report names the same child: its officers look at that one first.
void Officers::review() {
  constexpr int reviews_max = 3;
  if (!plan_.reviews || ++reviews_ > reviews_max) {
    done_ = true;  // one alert for the child is enough
    return;
  }
  ask(request(Verb::preview), [this](const Reply& reply) {
    Request again = request(Verb::release);
    if (reply.preview) {
      again.reviewed = reply.preview->duplicates;
    }
    ask(std::move(again), [this](const Reply& answer) { released(answer); });
  });
}

void Officers::released(const Reply& reply) {
  if (reply.refused == core::Errc::duplicate_report) {
    return review();
  }
  if (!reply.done() && reply.refused != core::Errc::conflict) {
    done_ = true;  // there is nobody whose place could stand for that of the loss
    return;
  }
  think([this] { next_step(); });
}

void Officers::next_step() {
  const auto again = [this](const Reply&) { think([this] { next_step(); }); };
  if (plan_.telephones && !telephoned_) {
    telephoned_ = true;
    return telephone();
  }
  // The updates among the deeds, as it comes.
  const bool deed = deeds_ < plan_.deeds.size();
  if (deed && (updates_ >= plan_.updates || random_.chance(0.5))) {
    return ask(request(plan_.deeds[deeds_++]), again);
  }
  if (updates_ < plan_.updates) {
    ++updates_;
    return ask(request(Verb::update), again);
  }
  if (plan_.closed || plan_.retracted) {
    return ask(request(plan_.closed ? Verb::close : Verb::retract), [this](const Reply&) { done_ = true; });
  }
  done_ = true;
}

/// Somebody who was expected is rung up, and says that it has the notice.
void Officers::telephone() {
  const AlertTruth* alert = stage_.truth.find(alert_);
  if (alert == nullptr || alert->expected.isEmpty()) {
    return next_step();
  }
  std::uint32_t ordinal = 0;
  alert->expected.select(static_cast<std::uint32_t>(random_.below(alert->expected.cardinality())), &ordinal);
  Request call = request(Verb::telephone);
  call.told.alert_id = alert_;
  call.told.revision = 1;
  call.told.recipient_id = stage_.truth.store().directory()[ordinal - 1].recipient.id;
  call.told.kind = core::AnswerKind::received;
  ask(std::move(call), [this](const Reply&) { think([this] { next_step(); }); });
}

}  // namespace tuanyuan::simulation
