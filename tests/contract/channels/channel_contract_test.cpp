#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <map>
#include <optional>

#include "adapters/crypto/vault.hpp"
#include "adapters/push/answer_links.hpp"
#include "adapters/wire/json.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "contract/channels/channel_home.hpp"
#include "support/fakes.hpp"

// What every channel owes the engine (ports/channel.hpp), whatever it speaks.
namespace tuanyuan::test {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;

constexpr const char* childs_name = "child-of-this-test";
constexpr const char* path_token = "token-of-this-test";

/// Keeps all that was written, as one text.
class KeptLog final : public ports::Log {
 public:
  void write(ports::Severity, std::string_view event, Fields fields) override {
    text += event;
    for (const auto& [name, value] : fields) {
      text += " " + std::string(name) + "=" + value;
    }
    text += "\n";
  }
  std::string text;
};

class ChannelContract : public testing::TestWithParam<ChannelBackend> {
 protected:
  /// Deadlines are long where an answer comes and short where none does.
  ports::Channel& channel(std::chrono::milliseconds deadline = 20s) {
    homes_.push_back(GetParam().make_home(loop_, log_, deadline, peer_.port()));
    return homes_.back()->channel();
  }
  ChannelHome& home() {
    if (homes_.empty()) {
      channel();
    }
    return *homes_.back();
  }

  ports::Dispatch dispatch(core::NoticeKind kind = core::NoticeKind::alert, const std::string& path = path_token) {
    ports::Dispatch made;
    made.delivery.alert_id = core::AlertId("0190a7c8-0000-7000-8000-000000000001");
    made.delivery.version = {2, 1};
    made.delivery.kind = kind;
    made.delivery.channel = GetParam().kind;
    made.delivery.target = core::RecipientId("hospital-1");
    made.copy = signed_copy(kind);
    made.endpoint = home().endpoint(peer_.port(), path);
    return made;
  }

  static std::shared_ptr<const core::SignedCopy> signed_copy(core::NoticeKind kind) {
    core::Notice notice;
    notice.alert_id = core::AlertId("0190a7c8-0000-7000-8000-000000000001");
    notice.version = {2, 1};
    notice.kind = kind;
    notice.audience = core::Audience::partner;
    if (!core::is_recall(kind)) {
      notice.child.emplace().name = childs_name;
      notice.last_seen.emplace();
      notice.contact.emplace().phone = "110";
    }
    const v1::Notice message = wire::to_proto(notice);
    v1::SignedNotice parcel;
    parcel.set_notice(wire::serialize(message));
    core::SignedCopy copy;
    copy.protobuf = parcel.SerializeAsString();
    copy.json = R"({"notice":)" + wire::encode_json(message) + R"(,"jws":"x.y.z"})";
    return std::make_shared<const core::SignedCopy>(std::move(copy));
  }

  void script(ScriptedHttp::Script then) {
    peer_.script = [this, then = std::move(then)](const Received& request) {
      std::optional<Reply> aside = home().aside(request);
      if (aside) {
        peer_.received.pop_back();
        return std::move(*aside);
      }
      return then(request);
    };
  }
  ports::SendResult send(ports::Channel& through, const ports::Dispatch& what) {
    return loop_.run(through.send(what));
  }
  ports::SendResult send_and_hear(Meaning meaning) {
    ports::Channel& through = channel();
    script([this, meaning](const Received&) { return home().reply(meaning); });
    return send(through, dispatch());
  }
  void start(ports::Channel& through, ports::Dispatch what, std::optional<ports::SendResult>& result) {
    boost::asio::co_spawn(loop_.context, test::send_kept(through, std::move(what)),
                          [&result](std::exception_ptr failure, ports::SendResult sent) {
                            if (failure) {
                              std::rethrow_exception(failure);
                            }
                            result = sent;
                          });
  }
  /// The peer answers this, in whatever bytes, and closes.
  ports::SendResult send_and_get(const std::string& bytes) {
    ports::Channel& through = channel();
    script([bytes](const Received&) { return Reply(bytes, true); });
    return send(through, dispatch());
  }

  /// What the first link in a message was made for; nothing where there is none that was made here.
  static std::optional<push::Link> link_in(const std::string& message) {
    const std::string start = std::string(link_base) + "/callbacks/";
    const std::size_t from = std::min(message.find(start), message.size());
    const std::string path = message.substr(std::min(from + start.size(), message.size()));
    const std::string token = path.substr(0, path.find('?'));
    push::AnswerLinks::Parameters parameters;
    std::size_t at = std::min(token.size() + 1, path.size());
    const std::string query = path.substr(at, path.find_first_of("\"\\ ", at) - at);
    for (at = 0; at < query.size(); at = std::min(query.find('&', at), query.size() - 1) + 1) {
      const std::string pair = query.substr(at, query.find('&', at) - at);
      parameters.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    }
    crypto::OpenSslVault vault({link_key});
    return push::AnswerLinks(vault, link_base).open(token, parameters);
  }

  RealLoop loop_;
  KeptLog log_;
  ScriptedHttp peer_{loop_.context};
  std::vector<std::unique_ptr<ChannelHome>> homes_;
};

TEST_P(ChannelContract, ThenItIsWhatItSaysAndTakesSomething) {
  EXPECT_EQ(channel().kind(), GetParam().kind);
  EXPECT_GE(channel().in_flight_max(), 1U);
}

TEST_P(ChannelContract, AcceptedThenAccepted) {
  const ports::SendResult sent = send_and_hear(Meaning::accepted);
  EXPECT_EQ(sent.outcome, DeliveryOutcome::accepted);
  EXPECT_FALSE(sent.address_dead);
  EXPECT_EQ(peer_.received.size(), 1U);
}

TEST_P(ChannelContract, RejectedForGoodThenRejectedButItsAddressLives) {
  const ports::SendResult sent = send_and_hear(Meaning::rejected);
  EXPECT_EQ(sent.outcome, DeliveryOutcome::rejected);
  EXPECT_FALSE(sent.address_dead);
}

TEST_P(ChannelContract, NobodyIsThereAnyMoreThenRejectedAndTheAddressDead) {
  if (!home().can_say(Meaning::address_dead)) {
    return;
  }
  const ports::SendResult sent = send_and_hear(Meaning::address_dead);
  EXPECT_EQ(sent.outcome, DeliveryOutcome::rejected);
  EXPECT_TRUE(sent.address_dead);
}

TEST_P(ChannelContract, NotNowThenRetryAndWhenTheOtherSideWantsIt) {
  const ports::SendResult sent = send_and_hear(Meaning::retry);
  EXPECT_EQ(sent.outcome, DeliveryOutcome::retry);
  EXPECT_EQ(sent.retry_after, 0s);
  const ports::SendResult later = send_and_hear(Meaning::retry_in_7_s);
  EXPECT_EQ(later.outcome, DeliveryOutcome::retry);
  EXPECT_EQ(later.retry_after, 7s);
}

TEST_P(ChannelContract, SilenceUntilTheDeadlineThenUnknown) {
  ports::Channel& through = channel(200ms);
  script([](const Received&) { return Reply(); });
  EXPECT_EQ(send(through, dispatch()).outcome, DeliveryOutcome::unknown);
  EXPECT_EQ(peer_.received.size(), 1U);
}

TEST_P(ChannelContract, OvertakenBeforeItLeavesThenItDoesNotAndThatIsNobodysFault) {
  ports::Channel& through = channel();
  script([this](const Received&) { return home().reply(Meaning::accepted); });
  ports::Dispatch overtaken = dispatch();
  overtaken.still_due = [](const core::Delivery&) { return false; };
  const ports::SendResult sent = send(through, overtaken);
  EXPECT_EQ(sent.outcome, DeliveryOutcome::held);
  EXPECT_TRUE(sent.unsent);
  EXPECT_TRUE(peer_.received.empty());
}

TEST_P(ChannelContract, NobodyListensThenRetry) {
  peer_.stop_listening();
  ports::Channel& through = channel();
  EXPECT_EQ(send(through, dispatch()).outcome, DeliveryOutcome::retry);
}

TEST_P(ChannelContract, TheConnectionEndsBeforeTheAnswerDoesThenUnknown) {
  const std::string whole = http_answer(200, "", "{}");
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{12}, whole.size() - 1}) {
    EXPECT_EQ(send_and_get(whole.substr(0, bytes)).outcome, DeliveryOutcome::unknown) << bytes;
  }
  EXPECT_EQ(send_and_get("what is this\r\n\r\n").outcome, DeliveryOutcome::unknown);
}

TEST_P(ChannelContract, AnAnswerThatIsTooLargeThenNeitherRefusedNorReadToItsEnd) {
  const std::string much(1024 * 1024, 'a');
  EXPECT_EQ(send_and_get("HTTP/1.1 200 OK\r\nX: " + much + "\r\n\r\n").outcome, DeliveryOutcome::unknown);
  // Some say all in the status, some in the body.
  const DeliveryOutcome outcome = send_and_get(http_answer(200, "", much)).outcome;
  EXPECT_TRUE(outcome == DeliveryOutcome::accepted || outcome == DeliveryOutcome::unknown);
}

TEST_P(ChannelContract, OneIsSlowThenAnotherIsNotHeldUp) {
  ports::Channel& through = channel();
  const auto gate = std::make_shared<runtime::Event>(loop_.context.get_executor());
  script([this, gate](const Received&) {
    const bool is_first = peer_.received.size() == 1;
    Reply reply = home().reply(Meaning::accepted);
    if (is_first) {
      reply.held = gate;
    }
    return reply;
  });
  std::optional<ports::SendResult> slow;
  std::optional<ports::SendResult> quick;
  start(through, dispatch(core::NoticeKind::alert, "slow"), slow);
  loop_.run_until([this] { return peer_.received.size() == 1; });
  start(through, dispatch(core::NoticeKind::alert, "quick"), quick);
  loop_.run_until([&quick] { return quick.has_value(); });
  EXPECT_EQ(quick->outcome, DeliveryOutcome::accepted);
  EXPECT_FALSE(slow);
  gate->set();
  loop_.run_until([&slow] { return slow.has_value(); });
  EXPECT_EQ(slow->outcome, DeliveryOutcome::accepted);
}

TEST_P(ChannelContract, CancelledThenItEndsAtOnce) {
  ports::Channel& through = channel(24h);  // so that it is not its deadline that ends it
  script([](const Received&) { return Reply(); });
  boost::asio::cancellation_signal stop;
  std::optional<bool> thrown;
  auto on_end = [&thrown](std::exception_ptr failure, ports::SendResult) { thrown = failure != nullptr; };
  boost::asio::co_spawn(loop_.context, test::send_kept(through, dispatch()),
                        boost::asio::bind_cancellation_slot(stop.slot(), std::move(on_end)));
  loop_.run_until([this] { return peer_.received.size() == 1; });
  stop.emit(boost::asio::cancellation_type::terminal);
  loop_.run_until([&thrown] { return thrown.has_value(); });
  EXPECT_TRUE(*thrown);
}

TEST_P(ChannelContract, TheSameSentTwiceThenUnderTheSameIdentityAndAnythingElseUnderAnother) {
  send_and_hear(Meaning::retry);
  send_and_hear(Meaning::accepted);
  ports::Dispatch next = dispatch(core::NoticeKind::close);
  next.delivery.version.revision = 3;
  send(home().channel(), next);
  ports::Dispatch other = dispatch();
  other.delivery.target = core::RecipientId("hospital-2");
  send(home().channel(), other);
  ASSERT_EQ(peer_.received.size(), 4U);
  const std::string first = home().identity(peer_.received[0]);
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(home().identity(peer_.received[1]), first);
  EXPECT_NE(home().identity(peer_.received[2]), first);
  EXPECT_NE(home().identity(peer_.received[3]), first);
}

TEST_P(ChannelContract, WhatIsNoNoticeForOneRecipientThenRejectedAndNotSent) {
  for (const core::Parcel parcel : {core::Parcel::photo, core::Parcel::photo_clear}) {
    ports::Dispatch what = dispatch();
    what.delivery.parcel = parcel;
    EXPECT_EQ(send(home().channel(), what).outcome, DeliveryOutcome::rejected);
  }
  ports::Dispatch bare = dispatch();
  bare.copy.reset();
  EXPECT_EQ(send(home().channel(), bare).outcome, DeliveryOutcome::rejected);
  EXPECT_TRUE(peer_.received.empty());
}

TEST_P(ChannelContract, ALinkInTheMessageThenItAnswersForThisRecipientAndRevision) {
  if (!home().carries_link()) {
    return;
  }
  script([this](const Received&) { return home().reply(Meaning::accepted); });
  for (const core::NoticeKind kind : {core::NoticeKind::update, core::NoticeKind::close}) {
    send(home().channel(), dispatch(kind));
    const auto link = link_in(peer_.received.back().body);
    ASSERT_TRUE(link) << peer_.received.back().body;
    EXPECT_EQ(*link, (push::Link{GetParam().kind, core::AlertId("0190a7c8-0000-7000-8000-000000000001"), 2,
                                 core::RecipientId("hospital-1"), core::is_recall(kind)}));
  }
}

TEST_P(ChannelContract, WhateverHappensThenTheLogHoldsNeitherTheChildNorTheAddressNorTheSecret) {
  for (const Meaning meaning : {Meaning::accepted, Meaning::rejected, Meaning::address_dead, Meaning::retry}) {
    send_and_hear(meaning);
  }
  send_and_get("");
  send_and_get(http_answer(500, "X-Echo: " + std::string(childs_name) + "\r\n", childs_name));
  send_and_get(std::string(childs_name) + "\r\n\r\n");
  ports::Dispatch broken = dispatch();
  broken.endpoint.address = "gopher://" + std::string(path_token) + "/" + childs_name;
  const std::string secret = broken.endpoint.secret.empty() ? "none" : broken.endpoint.secret;
  send(home().channel(), broken);
  EXPECT_FALSE(log_.text.empty());
  for (const std::string& kept : {std::string(childs_name), std::string(path_token), secret}) {
    EXPECT_EQ(log_.text.find(kept), std::string::npos) << log_.text;
  }
}

INSTANTIATE_TEST_SUITE_P(Channels, ChannelContract, testing::ValuesIn(channel_backends()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace tuanyuan::test
