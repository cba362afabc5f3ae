#include <utility>
#include <vector>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/options.hpp"
#include "adapters/http/state_filter.hpp"
#include "adapters/wire/report_codec.hpp"

namespace tuanyuan::http {
namespace {

/// What is said of a preview whose body is wrong: first whatever stands before that.
Answering refuse_preview(Api& api, Exchange x, Problem problem) {
  core::Caller caller = x.caller();
  auto id = x.id<core::ReportId>();
  const core::Result<ports::ReportView> view = co_await api.desks().cases.report(std::move(caller), std::move(id));
  if (!view) {
    co_return x.refuse(view.error());
  }
  if (view->state != core::ReportState::submitted) {
    co_return x.refuse(core::Refusal(core::Errc::conflict));
  }
  co_return x.refuse(problem);
}

/// The same of a decision. The desk is asked by a rejection without a reason: it judges who may decide, what
/// exists, what the key was used for and what the state allows as for every decision, and commits nothing.
Answering refuse_decision(Api& api, Exchange x, Problem problem) {
  core::Caller caller = x.caller();
  auto id = x.id<core::ReportId>();
  std::string no_reason;
  ports::Idempotency once = x.once();
  const core::Result<ports::ReportView> view =
      co_await api.desks().cases.reject(std::move(caller), std::move(id), std::move(no_reason), std::move(once));
  if (!view && Problem(view.error()).precedes_body_errors()) {
    co_return x.refuse(view.error());
  }
  co_return x.refuse(problem);
}

Outcome<ports::ReportFilter> report_filter(const Exchange& x) {
  ports::ReportFilter filter;
  std::vector<core::FieldError> wrong;
  core::Text no_state("没有此状态", "is no state of a report");
  filter.states = read_states(x, core::parse_report_state, std::move(no_state), wrong);
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return filter;
}

}  // namespace

Answering submit_report(Api& api, Exchange x) {
  const Outcome<v1::MissingChildReport> body = x.body<v1::MissingChildReport>();
  if (!body && !x.has_idempotency_key()) {
    co_return x.refuse(body.error());
  }
  // An unreadable report goes to the desk as an empty one, which no desk takes: it may still say that its
  // idempotency key was used for another, which comes before what is wrong with this one.
  core::ReportDraft draft;
  if (body) {
    draft = wire::from_proto(*body);
  }
  core::Caller caller = x.caller();
  ports::Idempotency once = x.once();
  const core::Result<ports::ReportView> view =
      co_await api.desks().cases.submit(std::move(caller), std::move(draft), std::move(once));
  if (!body && (view || !Problem(view.error()).precedes_body_errors())) {
    co_return x.refuse(body.error());
  }
  co_return answered(x, view);
}

Answering list_reports(Api& api, Exchange x) {
  Outcome<ports::Page> page = x.page();
  if (!page) {
    co_return x.refuse(page.error());
  }
  Outcome<ports::ReportFilter> filter = report_filter(x);
  if (!filter) {
    co_return x.refuse(filter.error());
  }
  core::Caller caller = x.caller();
  const auto list = co_await api.desks().cases.reports(std::move(caller), std::move(*filter), std::move(*page));
  co_return answered_list(x, list);
}

Answering get_report(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::ReportId>();
  const auto view = co_await api.desks().cases.report(std::move(caller), std::move(id));
  co_return answered(x, view);
}

Answering preview_report(Api& api, Exchange x) {
  Outcome<ports::ReleaseOptions> options = options_of<v1::PreviewRequest>(x);
  if (!options) {
    co_return co_await refuse_preview(api, std::move(x), options.error());
  }
  core::Caller caller = x.caller();
  auto id = x.id<core::ReportId>();
  const auto view = co_await api.desks().cases.preview(std::move(caller), std::move(id), std::move(*options));
  co_return answered(x, view);
}

Answering release_report(Api& api, Exchange x) {
  Outcome<ports::ReleaseOptions> options = options_of<v1::ReleaseRequest>(x);
  if (!options) {
    co_return co_await refuse_decision(api, std::move(x), options.error());
  }
  core::Caller caller = x.caller();
  auto id = x.id<core::ReportId>();
  ports::Idempotency once = x.once();
  const auto view =
      co_await api.desks().cases.release(std::move(caller), std::move(id), std::move(*options), std::move(once));
  co_return answered(x, view);
}

Answering reject_report(Api& api, Exchange x) {
  Outcome<std::string> reason = options_of<v1::RejectRequest>(x);
  if (!reason) {
    co_return co_await refuse_decision(api, std::move(x), reason.error());
  }
  core::Caller caller = x.caller();
  auto id = x.id<core::ReportId>();
  ports::Idempotency once = x.once();
  const auto view =
      co_await api.desks().cases.reject(std::move(caller), std::move(id), std::move(*reason), std::move(once));
  co_return answered(x, view);
}

}  // namespace tuanyuan::http
