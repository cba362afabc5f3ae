#include "adapters/push/channel_fixture.hpp"

#include <algorithm>
#include <utility>

#include "adapters/wire/notice_codec.hpp"
#include "core/joined.hpp"

namespace tuanyuan::push {
namespace {

bool is_aside(const Url& url) {
  return url.target == "/token" || url.target.ends_with("/auth") || url.target.find("/cid?") != std::string::npos;
}

boost::asio::awaitable<void> keep(boost::asio::awaitable<ports::SendResult> sending, ports::SendResult& result) {
  result = co_await std::move(sending);
}

}  // namespace

HttpResult answered(int status, std::string body, std::string retry_after) {
  HttpResult result;
  result.outcome = HttpResult::Outcome::answered;
  result.status = status;
  result.body = std::move(body);
  result.retry_after = std::move(retry_after);
  return result;
}

std::string field(const HttpRequest& request, std::string_view name) {
  for (const auto& fields : fields_of(request)) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [name](const auto& each) { return each.first == name; });
    if (found != fields.end()) {
      return found->second;
    }
  }
  return "";
}

std::string whole_body(const HttpRequest& request) {
  const auto [shared, own] = body_of(request);
  return core::joined({shared, own});
}

core::Notice notice_about(const Subject& subject) {
  core::Notice notice;
  notice.alert_id = core::AlertId("0190a7c8-0000-7000-8000-000000000001");
  notice.version = {2, 1};
  notice.kind = subject.kind;
  notice.status = subject.status;
  notice.audience = core::Audience::partner;
  if (!core::is_recall(subject.kind)) {
    notice.child.emplace().name = subject.name;
    notice.last_seen.emplace().place = std::string(300, 'p');
    notice.contact.emplace().phone = "110";
    notice.circumstances = std::string(5'000, 'c');
  }
  return notice;
}

std::shared_ptr<const core::SignedCopy> copy_of(const core::Notice& notice) {
  v1::SignedNotice parcel;
  parcel.set_notice(wire::serialize(wire::to_proto(notice)));
  core::SignedCopy copy;
  copy.protobuf = parcel.SerializeAsString();
  return std::make_shared<const core::SignedCopy>(std::move(copy));
}

ports::Dispatch dispatch(std::string address, const Subject& subject) {
  const core::Notice notice = notice_about(subject);
  ports::Dispatch made;
  made.delivery.alert_id = notice.alert_id;
  made.delivery.version = notice.version;
  made.delivery.kind = notice.kind;
  made.delivery.status = notice.status;
  made.delivery.target = core::RecipientId("hotel-1");
  made.copy = copy_of(notice);
  made.endpoint.address = std::move(address);
  return made;
}

ports::Dispatch dispatch(std::string address, core::NoticeKind kind) {
  Subject subject;
  subject.kind = kind;
  return dispatch(std::move(address), subject);
}

boost::asio::awaitable<HttpResult> FakeGateway::request(HttpRequest request) {
  if (is_aside(request.url)) {
    asides.push_back(std::move(request));
    if (on_aside) {
      on_aside();
    }
    co_return aside;
  }
  if (!is_due(request)) {
    co_return HttpResult::not_sent(HttpFailure::not_due);
  }
  requests.push_back(std::move(request));
  if (first.empty()) {
    co_return answer;
  }
  HttpResult next = std::move(first.front());
  first.pop_front();
  co_return next;
}

ports::SendResult ChannelTest::send(ports::Channel& channel, ports::Dispatch what) {
  ports::SendResult result;
  loop_.start(keep(channel.send(what), result));
  loop_.clock.settle();
  return result;
}

RestSettings ChannelTest::at(std::string base) {
  RestSettings settings;
  settings.base = std::move(base);
  return settings;
}

}  // namespace tuanyuan::push
