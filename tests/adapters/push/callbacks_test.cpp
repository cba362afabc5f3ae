#include "adapters/push/callbacks.hpp"

#include <gmock/gmock.h>

#include "adapters/crypto/vault.hpp"
#include "adapters/push/sms_message.hpp"
#include "adapters/push/url.hpp"
#include "runtime/loop.hpp"
#include "support/fakes.hpp"

namespace tuanyuan::push {
namespace {

using core::AnswerKind;
using ::testing::IsEmpty;
using ::testing::SizeIs;

template <class T>
using Answer = boost::asio::awaitable<core::Result<T>>;

class FakeAnswers final : public ports::AnswerDesk {
 public:
  Answer<std::vector<core::Receipt>> acknowledge(std::vector<ports::InboundAnswer> answers) override {
    if (fails) {
      co_return core::Refusal(core::Errc::unavailable);
    }
    taken.insert(taken.end(), answers.begin(), answers.end());
    co_return std::vector<core::Receipt>(answers.size());
  }
  Answer<core::Receipt> acknowledge(core::Caller, core::Acknowledgement, ports::Idempotency) override {
    co_return core::Refusal(core::Errc::forbidden);
  }
  Answer<core::Receipt> sight(core::RecipientId, core::Sighting, ports::Idempotency) override {
    co_return core::Refusal(core::Errc::forbidden);
  }
  Answer<std::vector<ports::SightingView>> sightings(core::Caller, core::AlertId) override {
    co_return core::Refusal(core::Errc::forbidden);
  }
  Answer<ports::SightingView> sighting(core::Caller, core::SightingId) override {
    co_return core::Refusal(core::Errc::forbidden);
  }
  Answer<ports::SightingView> assess(core::Caller, core::SightingId, ports::AssessOptions,
                                     ports::Idempotency) override {
    co_return core::Refusal(core::Errc::forbidden);
  }
  void presence(core::RecipientId, bool) override {}

  bool fails = false;
  std::vector<ports::InboundAnswer> taken;
};

class FakeReplies final : public ports::ReplyDesk {
 public:
  Answer<std::vector<ports::Told>> told(core::ChannelKind, std::string address) override {
    asked = std::move(address);
    co_return known;
  }
  ports::LinkStanding standing(const ports::Told& told) const override {
    return told.recipient.value == "hotel-1" && told.revision == 2 ? stands : ports::LinkStanding::open;
  }
  void not_reached(const core::AlertId& alert, const core::RecipientId& recipient,
                   core::ChannelKind gateway) override {
    missed.push_back(alert.value + " " + recipient.value + " " + std::string(core::to_string(gateway)));
  }
  std::vector<ports::Told> known;
  ports::LinkStanding stands = ports::LinkStanding::open;
  std::vector<std::string> missed;
  std::string asked;
};

class CallbacksTest : public testing::Test {
 protected:
  CallbacksTest() { secrets_.put("inbound_token", "of-the-deployment"); }

  /// What the gateway calls, with what it appends.
  ports::Callback call_of(const Link& link, const std::string& appended) {
    const Url url = parse_url(links_.url(link) + appended).value();
    ports::Callback call;
    const std::size_t question = url.target.find('?');
    call.token = url.target.substr(url.target.rfind('/', question) + 1);
    call.token.resize(call.token.find('?'));
    for (std::string_view rest = std::string_view(url.target).substr(question + 1); !rest.empty();) {
      const std::string_view pair = rest.substr(0, rest.find('&'));
      call.parameters.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
      rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    }
    return call;
  }
  using Said = core::Result<ports::CallbackAnswer>;
  static boost::asio::awaitable<void> keep(Answer<ports::CallbackAnswer> calling, Said& said) {
    said = co_await std::move(calling);
  }
  Said call(ports::Callback what) {
    Said said = core::Refusal(core::Errc::invalid);
    loop_.start(keep(callbacks_.called(std::move(what)), said));
    loop_.clock.settle();
    return said;
  }
  static Link link(core::ChannelKind channel, bool is_recall = false) {
    return {channel, core::AlertId("0190a7c8-0000-7000-8000-000000000001"), 2, core::RecipientId("hotel-1"),
            is_recall};
  }

  test::Loop loop_;
  crypto::OpenSslVault vault_{{std::string(32, 'k')}};
  AnswerLinks links_{vault_, "https://here.test:8443/api/v1"};
  Credentials secrets_;
  FakeAnswers answers_;
  FakeReplies replies_;
  test::NoLog log_;
  Callbacks callbacks_{links_, secrets_, answers_, replies_, log_};
};

TEST_F(CallbacksTest, TextMessageHasNotComeThroughThenWhoItWasForIsNamed) {
  for (const char* status : {"&status=1", "&status=8", "&status=x"}) {
    call(call_of(link(core::ChannelKind::sms), status));
  }
  EXPECT_THAT(replies_.missed, IsEmpty());
  call(call_of(link(core::ChannelKind::sms, true), "&status=2"));
  EXPECT_THAT(replies_.missed, IsEmpty()) << "a recall is followed up in its own way";
  call(call_of(link(core::ChannelKind::sms), "&status=2"));
  call(call_of(link(core::ChannelKind::sms), "&status=16"));
  const std::string one = "0190a7c8-0000-7000-8000-000000000001 hotel-1 sms";
  EXPECT_THAT(replies_.missed, ::testing::ElementsAre(one, one));
}

TEST_F(CallbacksTest, NobodyHasTakenTheCallThenWhoItWasForIsNamed) {
  for (const char* status : {"&status=answered", "&status=ringing", "&status=", "&key=2", "&status=busy&key=1"}) {
    call(call_of(link(core::ChannelKind::voice), status));
  }
  call(call_of(link(core::ChannelKind::voice, true), "&status=no-answer"));
  EXPECT_THAT(replies_.missed, IsEmpty());
  for (const char* status : {"&status=no-answer", "&status=busy", "&status=failed"}) {
    call(call_of(link(core::ChannelKind::voice), status));
  }
  EXPECT_THAT(replies_.missed, SizeIs(3));
}

TEST_F(CallbacksTest, EveryReportThenTheAnswerThatItMeans) {
  const struct {
    core::ChannelKind channel;
    bool is_recall;
    const char* appended;
    std::optional<AnswerKind> kind;
  } rows[] = {
      {core::ChannelKind::sms, false, "&status=1", AnswerKind::received},
      {core::ChannelKind::sms, false, "&status=2", {}},
      {core::ChannelKind::sms, false, "&status=8", {}},
      {core::ChannelKind::sms, false, "", {}},
      {core::ChannelKind::sms, false, "&key=1", {}},
      {core::ChannelKind::sms, true, "&status=1", {}},
      {core::ChannelKind::voice, false, "&status=answered", AnswerKind::received},
      {core::ChannelKind::voice, false, "&key=1", AnswerKind::confirmed},
      {core::ChannelKind::voice, false, "&status=answered&key=1", AnswerKind::confirmed},
      {core::ChannelKind::voice, false, "&key=11", {}},
      {core::ChannelKind::voice, true, "&key=1", AnswerKind::removed},
      {core::ChannelKind::voice, true, "&status=answered", {}},
  };
  for (const auto& row : rows) {
    answers_.taken.clear();
    EXPECT_TRUE(call(call_of(link(row.channel, row.is_recall), row.appended))) << row.appended;
    ASSERT_THAT(answers_.taken, SizeIs(row.kind ? 1 : 0)) << row.appended;
    if (row.kind) {
      const ports::InboundAnswer& taken = answers_.taken.front();
      EXPECT_EQ(taken.answer.kind, *row.kind) << row.appended;
      EXPECT_EQ(taken.answer.revision, 2U);
      EXPECT_EQ(taken.answer.recipient_id.value, "hotel-1");
      EXPECT_EQ(taken.connection.value, "hotel-1");
      EXPECT_EQ(taken.source, core::AnswerSource::gateway);
      EXPECT_EQ(taken.channel, row.channel);
    }
  }
}

TEST_F(CallbacksTest, AnythingOfTheUrlIsChangedThenItIsNoneOfOurs) {
  const ports::Callback good = call_of(link(core::ChannelKind::voice), "&key=1");
  for (std::size_t index = 0; index + 1 < good.parameters.size(); ++index) {
    ports::Callback changed = good;
    changed.parameters[index].second += "1";
    EXPECT_EQ(call(changed).error().code, core::Errc::not_found) << good.parameters[index].first;
  }
  ports::Callback recall = good;
  recall.parameters.emplace_back("recall", "1");
  EXPECT_EQ(call(recall).error().code, core::Errc::not_found);
  for (const std::string& token : {std::string(), good.token.substr(1), good.token + "A"}) {
    ports::Callback other = good;
    other.token = token;
    EXPECT_EQ(call(other).error().code, core::Errc::not_found);
  }
  EXPECT_THAT(answers_.taken, IsEmpty());
}

TEST_F(CallbacksTest, ReplyThenTheAlertThatItsDigitsName) {
  ports::Told told;
  told.alert_id = core::AlertId("0190a7c8-0000-7000-8000-000000000001");
  told.recipient = core::RecipientId("hotel-1");
  told.revision = 1;
  replies_.known = {told};
  ports::Callback reply;
  reply.token = "of-the-deployment";
  reply.parameters = {{"from", "+8613800000001"}, {"text", reply_code(told.alert_id, 1, told.recipient)}};
  EXPECT_TRUE(call(reply));
  EXPECT_EQ(replies_.asked, "+8613800000001");
  ASSERT_THAT(answers_.taken, SizeIs(1));
  EXPECT_EQ(answers_.taken[0].answer.kind, AnswerKind::confirmed);
  reply.parameters[1].second = "what is this";
  EXPECT_TRUE(call(reply)) << "Kannel need not try again";
  EXPECT_THAT(answers_.taken, SizeIs(1));
}

TEST_F(CallbacksTest, NoInboundTokenIsSetThenNoReplyComesIn) {
  secrets_.put("inbound_token", "");
  ports::Callback reply;
  reply.parameters = {{"from", "13800000001"}, {"text", "1"}};
  EXPECT_EQ(call(reply).error().code, core::Errc::not_found);
  EXPECT_EQ(replies_.asked, "");
}

TEST_F(CallbacksTest, CannotBeCommittedThenTheGatewayIsToTryAgain) {
  answers_.fails = true;
  EXPECT_EQ(call(call_of(link(core::ChannelKind::sms), "&status=1")).error().code, core::Errc::unavailable);
}

TEST_F(CallbacksTest, ALinkThatIsLookedAtThenAPageAndNoAnswer) {
  for (const bool is_recall : {false, true}) {
    const Said said = call(call_of(link(core::ChannelKind::webhook, is_recall), "&kind=CONFIRMED"));
    ASSERT_TRUE(said);
    EXPECT_TRUE(said->is_page);
    EXPECT_THAT(said->text, ::testing::HasSubstr(is_recall ? "确认已撤下" : "确认已读"));
    EXPECT_EQ(said->text.find("hotel-1"), std::string::npos);
  }
  EXPECT_THAT(answers_.taken, IsEmpty());
}

TEST_F(CallbacksTest, ALinkIsOpenedAgainThenItSaysHowItStandsAndHasAButtonWhileItAsks) {
  const struct {
    ports::LinkStanding stands;
    bool is_recall;
    const char* says;
    bool asks;
  } rows[] = {
      {ports::LinkStanding::open, false, "确认已读", true},
      {ports::LinkStanding::open, true, "确认已撤下", true},
      {ports::LinkStanding::answered, false, "已记录", false},
      {ports::LinkStanding::answered, true, "已记录", false},
      {ports::LinkStanding::over, false, "该预警已撤下", false},
      {ports::LinkStanding::outdated, true, "以最新通知为准", false},
  };
  for (const auto& row : rows) {
    replies_.stands = row.stands;
    const Said said = call(call_of(link(core::ChannelKind::webhook, row.is_recall), ""));
    ASSERT_TRUE(said);
    EXPECT_THAT(said->text, ::testing::HasSubstr(row.says));
    EXPECT_EQ(said->text.find("<button>") != std::string::npos, row.asks) << row.says;
  }
  EXPECT_THAT(answers_.taken, IsEmpty());
}

TEST_F(CallbacksTest, TheAlertIsTakenDownThenAButtonOfBeforeSaysSoAndAProgramsAnswerIsTakenAllTheSame) {
  replies_.stands = ports::LinkStanding::over;
  ports::Callback posted = call_of(link(core::ChannelKind::webhook), "");
  posted.is_posted = true;
  EXPECT_EQ(call(posted)->text, "RECORDED");
  EXPECT_THAT(answers_.taken, SizeIs(1));
  posted.parameters.emplace_back("page", "1");
  EXPECT_THAT(call(posted)->text, ::testing::HasSubstr("该预警已撤下"));
  EXPECT_THAT(answers_.taken, SizeIs(1));
}

TEST_F(CallbacksTest, ALinkThatIsPostedToThenTheAnswerThatIsNamed) {
  const struct {
    bool is_recall;
    const char* appended;
    AnswerKind kind;
    core::UnableReason reason;
  } rows[] = {
      {false, "", AnswerKind::confirmed, core::UnableReason::none},
      {true, "", AnswerKind::removed, core::UnableReason::none},
      {false, "&kind=ACTING", AnswerKind::acting, core::UnableReason::none},
      {false, "&kind=UNABLE&reason=OFF_AIR", AnswerKind::unable, core::UnableReason::off_air},
  };
  for (const auto& row : rows) {
    answers_.taken.clear();
    ports::Callback posted = call_of(link(core::ChannelKind::webhook, row.is_recall), row.appended);
    posted.is_posted = true;
    const Said said = call(posted);
    ASSERT_TRUE(said);
    EXPECT_FALSE(said->is_page);
    EXPECT_EQ(said->text, "RECORDED");
    ASSERT_THAT(answers_.taken, SizeIs(1)) << row.appended;
    EXPECT_EQ(answers_.taken[0].answer.kind, row.kind);
    EXPECT_EQ(answers_.taken[0].answer.reason, row.reason);
    EXPECT_EQ(answers_.taken[0].connection.value, "hotel-1");
  }
}

TEST_F(CallbacksTest, AButtonThatIsPressedThenAPageThatSaysSo) {
  ports::Callback posted = call_of(link(core::ChannelKind::webhook), "&page=1");
  posted.is_posted = true;
  const Said said = call(posted);
  ASSERT_TRUE(said);
  EXPECT_TRUE(said->is_page);
  EXPECT_THAT(answers_.taken, SizeIs(1));
}

TEST_F(CallbacksTest, WhatIsNoneThenRefusedByName) {
  ports::Callback posted = call_of(link(core::ChannelKind::webhook), "&kind=MAYBE&reason=WEATHER");
  posted.is_posted = true;
  const Said said = call(posted);
  ASSERT_FALSE(said);
  ASSERT_THAT(said.error().fields, SizeIs(2));
  EXPECT_EQ(said.error().fields[0].path, "kind");
  EXPECT_EQ(said.error().fields[1].path, "reason");
  EXPECT_THAT(answers_.taken, IsEmpty());
}

}  // namespace
}  // namespace tuanyuan::push
