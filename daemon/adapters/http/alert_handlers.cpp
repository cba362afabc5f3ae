#include <string_view>
#include <utility>
#include <vector>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/options.hpp"
#include "adapters/http/state_filter.hpp"

namespace tuanyuan::http {
namespace {

/// What is said of a change whose body is wrong: first whatever stands before that. The desk is asked by an
/// update that refuses to be merged: it judges who may decide, what exists, what the key was used for and what
/// is in force as for every change, and commits nothing. `expected_revision`: as the body has it, 0 for none.
Answering refuse_for_alert(Api& api, Exchange x, Problem problem, std::uint32_t expected_revision = 0) {
  ports::UpdateOptions nothing;
  nothing.expected_revision = expected_revision;
  nothing.merge = [](const core::Report&, core::Instant) -> core::Result<core::Report> {
    return core::Refusal(core::Errc::invalid);
  };
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  ports::Idempotency once = x.once();
  const core::Result<ports::AlertView> view =
      co_await api.desks().cases.update(std::move(caller), std::move(id), std::move(nothing), std::move(once));
  if (!view && Problem(view.error()).precedes_body_errors()) {
    co_return x.refuse(view.error());
  }
  co_return x.refuse(problem);
}

/// What a body says of it that is wrong otherwise; of one that cannot be read, nothing.
std::uint32_t expected_revision(const Exchange& x) {
  const Outcome<v1::UpdateRequest> body = x.body<v1::UpdateRequest>();
  return body ? body->expected_revision() : 0;
}

/// The rules name fields of the report, which stands under `report` in the body of an update.
Problem within_report(Problem problem) {
  for (WrongField& wrong : problem.errors) {
    const bool of_the_request =
        wrong.path == "updateMask" || wrong.path == "reason" || wrong.path == "expectedRevision";
    if (!of_the_request && !wrong.path.starts_with("report.")) {
      wrong.path.insert(0, "report.");
    }
  }
  return problem;
}

constexpr std::size_t lead_officer_bytes_max = 200;

Outcome<ports::AlertFilter> alert_filter(const Exchange& x) {
  ports::AlertFilter filter;
  std::vector<core::FieldError> wrong;
  core::Text no_state("没有此状态", "is no state of an alert");
  filter.states = read_states(x, core::parse_alert_state, std::move(no_state), wrong);
  filter.lead_officer = x.target().parameter("lead_officer").value_or("");
  if (filter.lead_officer.size() > lead_officer_bytes_max) {
    wrong.emplace_back("lead_officer", core::Text("过长", "is too long"));
  }
  if (const auto text = x.target().parameter("not_shown")) {
    filter.not_shown = *text == "true";
    if (*text != "true" && *text != "false") {
      wrong.emplace_back("not_shown", core::Text("须为 true 或 false", "has to be true or false"));
    }
  }
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return filter;
}

}  // namespace

Answering list_alerts(Api& api, Exchange x) {
  Outcome<ports::Page> page = x.page();
  if (!page) {
    co_return x.refuse(page.error());
  }
  Outcome<ports::AlertFilter> filter = alert_filter(x);
  if (!filter) {
    co_return x.refuse(filter.error());
  }
  core::Caller caller = x.caller();
  const auto list = co_await api.desks().cases.alerts(std::move(caller), std::move(*filter), std::move(*page));
  co_return answered_list(x, list);
}

Answering get_alert(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  const auto view = co_await api.desks().cases.alert(std::move(caller), std::move(id));
  co_return answered(x, view);
}

Answering get_photo(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  const core::Result<core::Photo> photo = co_await api.desks().cases.photo(std::move(caller), std::move(id));
  if (!photo) {
    co_return x.refuse(photo.error());
  }
  const std::string_view offers[] = {photo->media_type};
  if (!choose(x.request().accept, offers)) {
    co_return x.refuse(not_acceptable());
  }
  Response response;
  response.content_type = photo->media_type;
  response.body = photo->data;
  co_return response;
}

namespace {

/// A decision on an alert: its options read from the body, the desk asked, its view answered.
template <class Request, class Options>
Answering decide(Api& api, Exchange x,
                 ports::CaseDesk::Answer<ports::AlertView> (ports::CaseDesk::*decision)(core::Caller,
                                                                                        core::AlertId, Options,
                                                                                        ports::Idempotency)) {
  Outcome<Options> options = options_of<Request>(x);
  if (!options) {
    co_return co_await refuse_for_alert(api, std::move(x), options.error());
  }
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  ports::Idempotency once = x.once();
  const auto view = co_await (api.desks().cases.*decision)(std::move(caller), std::move(id), std::move(*options),
                                                           std::move(once));
  co_return answered(x, view);
}

}  // namespace

Answering update_alert(Api& api, Exchange x) {
  Outcome<ports::UpdateOptions> options = options_of<v1::UpdateRequest>(x);
  if (!options) {
    const std::uint32_t expected = expected_revision(x);
    co_return co_await refuse_for_alert(api, std::move(x), options.error(), expected);
  }
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  ports::Idempotency once = x.once();
  const auto view =
      co_await api.desks().cases.update(std::move(caller), std::move(id), std::move(*options), std::move(once));
  if (!view) {
    co_return x.refuse(within_report(view.error()));
  }
  co_return answered(x, view);
}

Answering draw_circle(Api& api, Exchange x) {
  return decide<v1::CircleRequest>(api, std::move(x), &ports::CaseDesk::circle);
}

Answering suspend_alert(Api& api, Exchange x) {
  return decide<v1::SuspendRequest>(api, std::move(x), &ports::CaseDesk::suspend);
}

Answering resume_alert(Api& api, Exchange x) {
  return decide<v1::SuspendRequest>(api, std::move(x), &ports::CaseDesk::resume);
}

Answering close_alert(Api& api, Exchange x) {
  return decide<v1::CloseRequest>(api, std::move(x), &ports::CaseDesk::close);
}

Answering retract_alert(Api& api, Exchange x) {
  return decide<v1::RetractRequest>(api, std::move(x), &ports::CaseDesk::retract);
}

Answering get_board(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  const core::Result<core::Board> board = co_await api.desks().cases.board(std::move(caller), std::move(id));
  co_return answered(x, board);
}

}  // namespace tuanyuan::http
