#include <algorithm>
#include <utility>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/options.hpp"
#include "adapters/wire/answer_codec.hpp"

namespace tuanyuan::http {
namespace {

/// What is said of an answer whose body is wrong: first whether the alert exists.
Answering refuse_unless_unknown(Api& api, Exchange x, Problem problem) {
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  const core::Result<ports::AlertView> view = co_await api.desks().cases.alert(std::move(caller), std::move(id));
  if (!view && Problem(view.error()).precedes_body_errors()) {
    co_return x.refuse(view.error());
  }
  co_return x.refuse(problem);
}

/// Fills in what the path and the certificate say already, and refuses what contradicts the path. A recipient
/// may name another: whether it answers for that one is for the desk to judge.
template <class Message>
Outcome<Message> complete(const Exchange& x, Outcome<Message> body) {
  if (!body) {
    return body;
  }
  std::vector<core::FieldError> wrong;
  if (body->alert_id().empty()) {
    body->set_alert_id(std::string(x.path_id()));
  } else if (body->alert_id() != x.path_id()) {
    wrong.emplace_back("alertId", core::Text("与路径中的编号不符", "is not the one in the path"));
  }
  if (body->recipient_id().empty()) {
    body->set_recipient_id(x.caller().recipient.value);
  }
  if (body->recipient_id().empty()) {
    wrong.emplace_back("recipientId", core::Text("必填", "is required"));
  }
  if (const auto fields = wire::from_proto(*body); !fields) {
    const core::Refusal refusal = fields.error();
    wrong.insert(wrong.end(), refusal.fields.begin(), refusal.fields.end());
  }
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return body;
}

/// A receipt that refuses is what repeating equipment needs on MQTT; here it is a problem like any other.
Problem problem_of(const core::Receipt& receipt) {
  if (receipt.reason == "unknown-alert") {
    return Problem(core::Refusal(core::Errc::not_found));
  }
  if (receipt.reason == "not-yours") {
    return Problem(core::Refusal(core::Errc::forbidden));
  }
  if (receipt.reason == "unknown-recipient") {
    return wrong_field("recipientId", core::Text("名录中没有此接收方", "is not in the directory"));
  }
  if (receipt.reason == "sighting-id-taken") {
    return Problem(core::Refusal(core::Errc::conflict));
  }
  if (receipt.reason == "unknown-revision") {
    return wrong_field("revision", core::Text("该警情没有此版本", "is no revision of this alert"));
  }
  Problem problem{core::Refusal(core::Errc::invalid)};
  problem.detail = core::Text(receipt.reason, receipt.reason);
  return problem;
}

Response answered_receipt(const Exchange& x, const core::Result<core::Receipt>& receipt) {
  if (receipt && receipt->result == core::ReceiptResult::refused) {
    return x.refuse(problem_of(*receipt));
  }
  return receipt ? x.answer(wire::to_proto(*receipt)) : x.refuse(receipt.error());
}

/// The page of a list that comes whole, as the desk orders it; its token is the last id of the page before.
v1::SightingList page_of(const std::vector<ports::SightingView>& views, const ports::Page& page) {
  const auto named = std::find_if(views.begin(), views.end(), [&page](const ports::SightingView& view) {
    return view.sighting.sighting_id.value == page.token;
  });
  auto next = page.token.empty() || named == views.end() ? views.begin() : named + 1;
  v1::SightingList list;
  for (; next != views.end(); ++next) {
    if (static_cast<std::size_t>(list.sightings_size()) == page.size) {
      list.set_next_page_token(Exchange::opaque(std::prev(next)->sighting.sighting_id.value));
      break;
    }
    *list.add_sightings() = wire::to_proto(*next);
  }
  return list;
}

}  // namespace

Answering acknowledge(Api& api, Exchange x) {
  const Outcome<v1::Acknowledgement> body = complete(x, x.body<v1::Acknowledgement>());
  if (!body) {
    co_return co_await refuse_unless_unknown(api, std::move(x), body.error());
  }
  core::Acknowledgement answer = wire::from_proto(*body).value();
  core::Caller caller = x.caller();
  ports::Idempotency once = x.once();
  const core::Result<core::Receipt> receipt =
      co_await api.desks().answers.acknowledge(std::move(caller), std::move(answer), std::move(once));
  co_return answered_receipt(x, receipt);
}

Answering report_sighting(Api& api, Exchange x) {
  const Outcome<v1::Sighting> body = complete(x, x.body<v1::Sighting>());
  if (!body) {
    co_return co_await refuse_unless_unknown(api, std::move(x), body.error());
  }
  core::Sighting sighting = wire::from_proto(*body).value();
  core::RecipientId connection = x.caller().recipient;
  ports::Idempotency once = x.once();
  const core::Result<core::Receipt> receipt =
      co_await api.desks().answers.sight(std::move(connection), std::move(sighting), std::move(once));
  co_return answered_receipt(x, receipt);
}

Answering list_sightings(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::AlertId>();
  const auto views = co_await api.desks().answers.sightings(std::move(caller), std::move(id));
  if (!views) {
    co_return x.refuse(views.error());
  }
  const Outcome<ports::Page> page = x.page();
  co_return page ? x.answer(page_of(*views, *page)) : x.refuse(page.error());
}

Answering assess_sighting(Api& api, Exchange x) {
  Outcome<ports::AssessOptions> options = options_of<v1::AssessRequest>(x);
  core::Caller caller = x.caller();
  auto id = x.id<core::SightingId>();
  if (!options) {
    const auto known = co_await api.desks().answers.sighting(std::move(caller), std::move(id));
    co_return known || known.error().code != core::Errc::not_found ? x.refuse(options.error())
                                                                   : x.refuse(known.error());
  }
  ports::Idempotency once = x.once();
  const auto view =
      co_await api.desks().answers.assess(std::move(caller), std::move(id), std::move(*options), std::move(once));
  co_return answered(x, view);
}

}  // namespace tuanyuan::http
