#include <utility>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/options.hpp"

namespace tuanyuan::http {

Answering list_exercises(Api& api, Exchange x) {
  Outcome<ports::Page> page = x.page();
  if (!page) {
    co_return x.refuse(page.error());
  }
  core::Caller caller = x.caller();
  const auto list = co_await api.desks().exercises.exercises(std::move(caller), std::move(*page));
  co_return answered_list(x, list);
}

Answering get_exercise_scores(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  Outcome<ports::Page> page = x.page();
  ports::Page wanted(1, {});
  if (page) {
    wanted = *page;
  }
  const auto list = co_await api.desks().exercises.scores(std::move(caller), std::move(id), std::move(wanted));
  if (list && !page) {
    co_return x.refuse(page.error());  // what it is about comes first
  }
  co_return answered_list(x, list);
}

Answering start_exercise(Api& api, Exchange x) {
  const Outcome<v1::StartExercise> body = x.body<v1::StartExercise>();
  if (!body) {
    co_return x.refuse(body.error());
  }
  core::Caller caller = x.caller();
  std::string name = body->name();
  ports::Idempotency once = x.once();
  const auto begun = co_await api.desks().exercises.start(std::move(caller), std::move(name), std::move(once));
  co_return answered(x, begun);
}

}  // namespace tuanyuan::http
