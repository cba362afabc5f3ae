#include <algorithm>
#include <utility>

#include "adapters/http/api.hpp"
#include "adapters/http/handlers.hpp"
#include "adapters/http/options.hpp"

namespace tuanyuan::http {
namespace {

/// What is said of a request whose body is wrong: first that there is no such channel, or that it is so already.
Answering refuse_for_channel(Api& api, Exchange x, Problem problem, std::optional<bool> pausing) {
  core::Caller caller = x.caller();
  const auto channels = co_await api.desks().channels.channels(std::move(caller));
  if (!channels) {
    co_return x.refuse(channels.error());
  }
  const auto named = std::find_if(channels->begin(), channels->end(), [&x](const ports::ChannelView& each) {
    return core::to_string(each.channel) == x.path_id();
  });
  if (named == channels->end()) {
    co_return x.refuse(core::Refusal(core::Errc::not_found));
  }
  if (pausing && *pausing == named->paused.has_value()) {
    co_return x.refuse(core::Refusal(core::Errc::conflict));
  }
  co_return x.refuse(problem);
}

Outcome<ports::OutboxFilter> filter_of(const Exchange& x) {
  ports::OutboxFilter filter;
  if (const auto name = x.target().parameter("channel"); name && !name->empty()) {
    filter.channel = core::parse_channel(*name);
    if (!filter.channel) {
      return wrong_field("channel", core::Text("没有此渠道", "is no channel"));
    }
  }
  if (const auto alert = x.target().parameter("alert"); alert && !alert->empty()) {
    filter.alert = core::AlertId(*alert);
  }
  return filter;
}

}  // namespace

Answering list_channels(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  const auto channels = co_await api.desks().channels.channels(std::move(caller));
  co_return answered(x, channels);
}

Answering pause_channel(Api& api, Exchange x) {
  Outcome<std::string> reason = options_of<v1::PauseRequest>(x);
  if (!reason) {
    co_return co_await refuse_for_channel(api, x, reason.error(), true);
  }
  core::Caller caller = x.caller();
  std::string name(x.path_id());
  ports::Idempotency once = x.once();
  const auto paused =
      co_await api.desks().channels.pause(std::move(caller), std::move(name), std::move(*reason), std::move(once));
  co_return answered(x, paused);
}

Answering resume_channel(Api& api, Exchange x) {
  if (x.obstacle()) {
    co_return co_await refuse_for_channel(api, x, *x.obstacle(), false);
  }
  core::Caller caller = x.caller();
  std::string name(x.path_id());
  ports::Idempotency once = x.once();
  const auto resumed = co_await api.desks().channels.resume(std::move(caller), std::move(name), std::move(once));
  co_return answered(x, resumed);
}

Answering test_channel(Api& api, Exchange x) {
  Outcome<ports::TestOptions> options = options_of<v1::TestRequest>(x);
  if (!options) {
    co_return co_await refuse_for_channel(api, x, options.error(), std::nullopt);
  }
  core::Caller caller = x.caller();
  std::string name(x.path_id());
  ports::Idempotency once = x.once();
  const auto tested =
      co_await api.desks().channels.test(std::move(caller), std::move(name), std::move(*options), std::move(once));
  co_return answered(x, tested);
}

Answering list_outbox(Api& api, Exchange x) {
  Outcome<ports::Page> page = x.page();
  if (!page) {
    co_return x.refuse(page.error());
  }
  Outcome<ports::OutboxFilter> filter = filter_of(x);
  if (!filter) {
    co_return x.refuse(filter.error());
  }
  core::Caller caller = x.caller();
  const auto list = co_await api.desks().channels.outbox(std::move(caller), std::move(*filter), std::move(*page));
  co_return answered_list(x, list);
}

Answering requeue_delivery(Api& api, Exchange x) {
  core::Caller caller = x.caller();
  std::string id(x.path_id());
  ports::Idempotency once = x.once();
  if (x.obstacle()) {
    co_return x.refuse(*x.obstacle());
  }
  const auto requeued = co_await api.desks().channels.requeue(std::move(caller), std::move(id), std::move(once));
  co_return answered(x, requeued);
}

}  // namespace tuanyuan::http
