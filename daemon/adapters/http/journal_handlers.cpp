#include <utility>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/media.hpp"
#include "adapters/http/options.hpp"

namespace tuanyuan::http {
namespace {

/// Browsers send the field when they come again by themselves; whoever comes for the first time has only the
/// query to say where to begin.
std::optional<std::string> last_event_id(const Exchange& x) {
  const auto& field = x.request().last_event_id;
  return field ? field : x.target().parameter("last_event_id");
}

std::string name_of(const core::Caller& caller) {
  return caller.recipient.empty() ? caller.unit + '/' + caller.officer : caller.recipient.value;
}

/// Where a page of the journal begins. A token is the same number in another dress.
Outcome<core::Sequence> begin_of(const Exchange& x, const ports::Page& page) {
  if (page.token.empty()) {
    return x.sequence("after", x.target().parameter("after"), 0);
  }
  return x.sequence("page_token", page.token, 0);
}

}  // namespace

Answering follow_events(Api& api, Exchange x) {
  const Outcome<core::Sequence> after =
      x.sequence("Last-Event-ID", last_event_id(x), api.desks().journal.newest());
  if (!after) {
    co_return x.refuse(after.error());
  }
  const std::string_view offers[] = {event_stream_type};
  if (!choose(x.request().accept, offers)) {
    co_return x.refuse(not_acceptable());
  }
  core::Caller caller = x.caller();
  auto place = api.event_places().take(name_of(caller));
  if (!place) {
    co_return x.refuse(core::Refusal(core::Errc::overloaded));
  }
  Response response;
  response.content_type = event_stream_type;
  response.source =
      std::make_shared<EventSource>(api.desks().journal, api.desks().clock, std::move(caller), *after,
                                    api.limits().heartbeat_ms, x.certificate_until(), std::move(place));
  co_return response;
}

Answering read_journal(Api& api, Exchange x) {
  const Outcome<ports::Page> page = x.page();
  if (!page) {
    co_return x.refuse(page.error());
  }
  const Outcome<core::Sequence> after = begin_of(x, *page);
  if (!after) {
    co_return x.refuse(after.error());
  }
  core::Caller caller = x.caller();
  const auto lines = co_await api.desks().journal.journal(std::move(caller), *after, page->size);
  if (!lines) {
    co_return x.refuse(lines.error());
  }
  v1::JournalPage message;
  for (const ports::JournalLine& line : *lines) {
    *message.add_entries() = wire::to_proto(line);
  }
  if (lines->size() >= page->size) {
    message.set_next_page_token(Exchange::opaque(std::to_string(lines->back().sequence)));
  }
  co_return x.answer(message);
}

Answering get_keys(Api& api, Exchange x) {
  ports::PublishedKeys keys = api.desks().notary.published(api.desks().clock.wall_now());
  Response response = x.answer(std::move(keys.json), std::move(keys.protobuf));
  if (response.content_type == jwk_set_type) {
    response.body = std::move(keys.jwk_set);
  }
  co_return response;
}

Answering get_openapi(Api& api, Exchange x) {
  const std::string_view offers[] = {json_type, "application/vnd.oai.openapi+json"};
  const auto type = choose(x.request().accept, offers);
  if (!type) {
    co_return x.refuse(not_acceptable());
  }
  Response response;
  response.content_type = *type;
  response.body = api.openapi();
  co_return response;
}

}  // namespace tuanyuan::http
