#pragma once

#include <gmock/gmock.h>

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/crypto/vault.hpp"
#include "adapters/push/answer_links.hpp"
#include "adapters/push/credentials.hpp"
#include "adapters/push/http.hpp"
#include "adapters/push/rest_channel.hpp"
#include "core/notice.hpp"
#include "runtime/loop.hpp"
#include "support/fakes.hpp"

// What the tests of the channels share: a gateway that answers as it is told, and something to send.
namespace tuanyuan::push {

HttpResult answered(int status, std::string body = "", std::string retry_after = "");

/// What a request has in this field; empty where it has none.
std::string field(const HttpRequest& request, std::string_view name);

/// The shared part of its body, and its own.
std::string whole_body(const HttpRequest& request);

/// An exercise's alert unless told otherwise. Of the child there is more than fits anywhere.
struct Subject {
  core::NoticeKind kind = core::NoticeKind::alert;
  core::Status status = core::Status::exercise;
  std::string name = "小\"石\"头";
};
core::Notice notice_about(const Subject& subject);
std::shared_ptr<const core::SignedCopy> copy_of(const core::Notice& notice);
/// To hotel-1, as its second version's first step.
ports::Dispatch dispatch(std::string address, const Subject& subject = {});
ports::Dispatch dispatch(std::string address, core::NoticeKind kind);

/// Answers at once: a message by `first`, one after the other, and then by `answer`; what a channel asks for
/// itself, a token or a batch of ids, by `aside`.
class FakeGateway final : public Http {
 public:
  boost::asio::awaitable<HttpResult> request(HttpRequest request) override;
  void start_afresh(const Url&) override { ++afresh; }

  std::vector<HttpRequest> requests;
  std::vector<HttpRequest> asides;
  std::deque<HttpResult> first;
  HttpResult answer = answered(200);
  HttpResult aside;
  std::function<void()> on_aside;
  int afresh = 0;
};

class ChannelTest : public testing::Test {
 protected:
  ChannelTest() { loop_.clock.step_wall(std::chrono::hours(24 * 365 * 50)); }

  ports::SendResult send(ports::Channel& channel, ports::Dispatch what);
  RestTools tools() { return {http_, loop_.clock, log_}; }
  static RestSettings at(std::string base);

  test::Loop loop_;
  FakeGateway http_;
  test::NoLog log_;
  Credentials secrets_;
  Words words_{core::default_templates()};
  crypto::OpenSslVault vault_{{std::string(32, 'k')}};
  AnswerLinks links_{vault_, "https://here.test/api/v1"};
};

}  // namespace tuanyuan::push
