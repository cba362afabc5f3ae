#include <google/protobuf/empty.pb.h>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/importer.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/options.hpp"
#include "adapters/wire/recipient_codec.hpp"
#include "core/limits.hpp"
#include "core/recipient_validation.hpp"

namespace tuanyuan::http {
namespace {

/// The recipient in the body, by the id in the path.
Outcome<core::Recipient> recipient_of(const Exchange& x) {
  Outcome<v1::Recipient> body = x.body<v1::Recipient>();
  if (!body) {
    return body.error();
  }
  std::vector<core::FieldError> wrong;
  if (body->id().empty()) {
    body->set_id(std::string(x.path_id()));
  } else if (body->id() != x.path_id()) {
    wrong.emplace_back("id", core::Text("与路径中的编号不符", "is not the one in the path"));
  }
  Outcome<core::Recipient> checked = checked_recipient(*body);
  if (!checked) {
    Problem problem = checked.error();
    for (core::FieldError& field : wrong) {
      problem.errors.emplace_back(0, std::move(field.path), std::move(field.message));
    }
    return problem;
  }
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return checked;
}

Problem problem_of(std::vector<WrongField> errors) {
  Problem problem{core::Refusal(core::Errc::invalid)};
  problem.errors = std::move(errors);
  return problem;
}

}  // namespace

namespace {

/// A number of the query, within its range; none where it is not given.
std::optional<double> number_at(const Exchange& x, const char* name, double least, double most,
                                std::vector<core::FieldError>& wrong) {
  const auto text = x.target().parameter(name);
  if (!text) {
    return std::nullopt;
  }
  double value = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || stop != end || !(value >= least && value <= most)) {
    wrong.emplace_back(name, core::Text("不是有效的数值", "is not a number in range"));
  }
  return value;
}

/// Which recipients: all three numbers of a circle or none of them, and a division or none. By what they are told
/// apart.
Outcome<ports::ReadinessQuery> readiness_query(const Exchange& x) {
  std::vector<core::FieldError> wrong;
  const auto latitude = number_at(x, "latitude", -90, 90, wrong);
  const auto longitude = number_at(x, "longitude", -180, 180, wrong);
  const auto radius_km = number_at(x, "radius_km", core::radius_km_min, core::radius_km_max, wrong);
  ports::ReadinessQuery query;
  if (latitude && longitude && radius_km) {
    query.circle.emplace();
    query.circle->centre = core::Position{*latitude, *longitude};
    query.circle->radius_km = *radius_km;
  } else if (latitude || longitude || radius_km) {
    wrong.emplace_back("radius_km", core::Text("latitude、longitude、radius_km 须一起给出",
                                               "latitude, longitude and radius_km go together"));
  }
  if (const auto division = x.target().parameter("division")) {
    query.division = core::parse_coverage(*division);
    if (!query.division) {
      wrong.emplace_back("division", core::Text("须为 2、4 或 6 位行政区划代码", "has to be 2, 4 or 6 digits"));
    }
  }
  if (const auto by = x.target().parameter("by")) {
    query.by_division = *by == "division";
    if (!query.by_division) {
      wrong.emplace_back("by", core::Text("须为 division", "has to be division"));
    }
  }
  if (!wrong.empty()) {
    return Problem(core::Refusal(std::move(wrong)));
  }
  return query;
}

}  // namespace

Answering get_readiness(Api& api, Exchange x) {
  Outcome<ports::Page> page = x.page();
  if (!page) {
    co_return x.refuse(page.error());
  }
  Outcome<ports::ReadinessQuery> query = readiness_query(x);
  if (!query) {
    co_return x.refuse(query.error());
  }
  core::Caller caller = x.caller();
  const auto view =
      co_await api.desks().readiness.readiness(std::move(caller), std::move(*query), std::move(*page));
  if (!view) {
    co_return x.refuse(view.error());
  }
  v1::ReadinessAnswer message = wire::to_proto(*view);
  message.set_next_page_token(Exchange::opaque(view->unreachable.next_token));
  co_return x.answer(message);
}

Answering list_recipients(Api& api, Exchange x) {
  Outcome<ports::Page> page = x.page();
  if (!page) {
    co_return x.refuse(page.error());
  }
  core::Caller caller = x.caller();
  const auto list = co_await api.desks().recipients.list(std::move(caller), std::move(*page));
  co_return answered_list(x, list);
}

Answering get_recipient(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::RecipientId>();
  const auto recipient = co_await api.desks().recipients.get(std::move(caller), std::move(id));
  co_return answered(x, recipient);
}

Answering put_recipient(Api& api, Exchange x) {
  Outcome<core::Recipient> recipient = recipient_of(x);
  if (!recipient) {
    co_return x.refuse(recipient.error());
  }
  core::Caller caller = x.caller();
  ports::Idempotency once = x.once();
  const auto put = co_await api.desks().recipients.put(std::move(caller), std::move(*recipient), std::move(once));
  co_return answered(x, put);
}

Answering delete_recipient(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  auto id = x.id<core::RecipientId>();
  if (x.obstacle()) {
    const auto known = co_await api.desks().recipients.get(std::move(caller), std::move(id));
    co_return known ? x.refuse(*x.obstacle()) : x.refuse(known.error());
  }
  ports::Idempotency once = x.once();
  const core::Result<bool> removed =
      co_await api.desks().recipients.remove(std::move(caller), std::move(id), std::move(once));
  co_return removed ? x.answer(google::protobuf::Empty()) : x.refuse(removed.error());
}

Answering import_recipients(Api& api, Exchange x) {
  if (x.obstacle()) {
    co_return x.refuse(*x.obstacle());
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  const bool is_csv = x.body_type() == csv_type;
  ports::Idempotency once = x.once();  // of the body, which goes next
  Importer importer(x.take_body(), is_csv ? Importer::Form::csv : Importer::Form::ndjson);
  while (importer.take(import_slice_records)) {
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
  }
  if (!importer.errors().empty()) {
    co_return x.refuse(problem_of(importer.errors()));
  }
  core::Caller caller = x.caller();
  std::vector<core::Recipient> recipients = importer.recipients();
  const core::Result<std::uint32_t> imported =
      co_await api.desks().recipients.import(std::move(caller), std::move(recipients), std::move(once));
  if (!imported) {
    co_return x.refuse(imported.error());
  }
  v1::ImportAnswer message;
  message.set_imported(*imported);
  co_return x.answer(message);
}

}  // namespace tuanyuan::http
