#include "adapters/push/vendor_channel.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "adapters/push/channel_fixture.hpp"
#include "adapters/push/digests.hpp"
#include "adapters/push/service_account.hpp"
#include "adapters/wire/json_base64.hpp"
#include "core/exercise_mark.hpp"
#include "support/push_keys.hpp"
#include "support/service_key.hpp"

// What is peculiar to the push services of the handset makers.
namespace tuanyuan::push {
namespace {

using namespace std::chrono_literals;
using core::DeliveryOutcome;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class VendorChannels : public ChannelTest {
 protected:
  VendorChannels() {
    for (const char* key : {"client_secret", "master_secret", "app_secret"}) {
      secrets_.put(key, "s&t");
    }
    secrets_.put("private_key", test::service_key);
    http_.aside = answered(200, R"({"access_token":"t1","expires_in":3600,"code":0,"result":0,)"
                                R"("data":{"auth_token":"t1"},"authToken":"t1"})");
    http_.answer = answered(200, "{}");
  }
  VendorChannel& channel(const VendorDialect& dialect) {
    VendorAccount account;
    account.secrets = &secrets_;
    account.texts = {{"app_id", "app"},         {"client_id", "client"},
                     {"app_key", "key"},        {"package", "org.example.app"},
                     {"project_id", "project"}, {"key_id", "kid-1"},
                     {"sub_account", "sub-1"},  {"audience", "https://login.test/token"},
                     {"category", "ACCOUNT"},   {"channel_id", "amber"},
                     {"classification", "1"},   {"token_url", "https://login.test/token"}};
    return *made_.emplace_back(
        std::make_unique<VendorChannel>(dialect, tools(), at("https://vendor.test"), account, words_, links_));
  }
  static ports::Dispatch alert(const Subject& subject = {}) { return dispatch("reg/1", subject); }
  /// One answer in a channel of its own.
  ports::SendResult send_and_hear(const VendorDialect& dialect, int status, const std::string& body) {
    http_.answer = answered(status, body);
    return send(channel(dialect), alert());
  }

  std::vector<std::unique_ptr<VendorChannel>> made_;
};

TEST_F(VendorChannels, AnswersThenWhatBecomesOfTheDeliveryAndWhoIsDead) {
  constexpr auto accepted = DeliveryOutcome::accepted;
  constexpr auto rejected = DeliveryOutcome::rejected;
  constexpr auto retry = DeliveryOutcome::retry;
  const struct {
    VendorDialect (*dialect)();
    int status;
    const char* body;
    DeliveryOutcome outcome;
    bool dead;
    std::chrono::seconds after;
  } rows[] = {
      {hms_dialect, 200, R"({"code":"80000000"})", accepted, false, 0s},
      {hms_dialect, 200, R"({"code":"80100000","msg":"{\"illegal_tokens\":[\"reg/1\"]}"})", rejected, true, 0s},
      {hms_dialect, 200, R"({"code":"80100000","msg":"{\"success\":1}"})", accepted, false, 0s},
      {hms_dialect, 200, R"({"code":"80300007"})", rejected, true, 0s},
      {hms_dialect, 400, R"({"code":"80300007"})", rejected, true, 0s},
      {hms_dialect, 200, R"({"code":"80300008"})", rejected, false, 0s},
      {hms_dialect, 200, R"({"code":"80300011"})", retry, false, 0s},
      {hms_dialect, 200, R"({"code":"81000001"})", retry, false, 0s},
      {hms_dialect, 502, "", retry, false, 0s},
      {hms_dialect, 410, "", rejected, false, 0s},
      {harmony_dialect, 200, R"({"code":"80000000"})", accepted, false, 0s},
      {harmony_dialect, 200, R"({"code":"80300007"})", rejected, true, 0s},
      {honor_dialect, 200, R"({"code":200,"data":{"sendResult":true}})", accepted, false, 0s},
      {honor_dialect, 200, R"({"code":200,"data":{"failTokens":["reg/1"]}})", rejected, true, 0s},
      {honor_dialect, 200, R"({"code":200,"data":{"failTokens":[],"expireTokens":["reg/1"]}})", rejected, true,
       0s},
      {honor_dialect, 200, R"({"code":404})", retry, false, 0s},
      {xiaomi_dialect, 200, R"({"code":0})", accepted, false, 0s},
      {xiaomi_dialect, 200, R"({"code":20301})", rejected, true, 0s},
      {xiaomi_dialect, 200, R"({"code":21301})", retry, false, 0s},
      {xiaomi_dialect, 200, R"({"code":65015})", rejected, false, 0s},
      {xiaomi_dialect, 200, R"({"code":10020})", retry, false, 0s},
      {oppo_dialect, 200, R"({"code":0})", accepted, false, 0s},
      {oppo_dialect, 200, R"({"code":-2})", retry, false, 0s},
      {oppo_dialect, 200, R"({"code":13})", retry, false, 60s},
      {oppo_dialect, 200, R"({"code":10000})", rejected, true, 0s},
      {vivo_dialect, 200, R"({"result":0})", accepted, false, 0s},
      {vivo_dialect, 200, R"({"result":10302})", rejected, true, 0s},
      {vivo_dialect, 200, R"({"result":10070})", retry, false, 3'600s},
      {vivo_dialect, 200, R"({"result":10073})", retry, false, 3'600s},
      {vivo_dialect, 200, R"({"result":10093})", retry, false, 60s},
      {vivo_dialect, 200, "what is this", DeliveryOutcome::unknown, false, 0s},
  };
  for (const auto& row : rows) {
    const ports::SendResult sent = send_and_hear(row.dialect(), row.status, row.body);
    EXPECT_EQ(sent.outcome, row.outcome) << row.body;
    EXPECT_EQ(sent.address_dead, row.dead) << row.body;
    EXPECT_EQ(sent.retry_after, row.after) << row.body;
  }
}

TEST_F(VendorChannels, SeveralLanguagesThenAllOfThemWhereThereIsRoom) {
  ports::Dispatch both = dispatch("reg/1", core::NoticeKind::close);
  both.languages = {"zh-CN", "en"};
  const struct {
    VendorDialect (*dialect)();
    bool has_room;
  } rows[] = {{hms_dialect, true},     {harmony_dialect, true}, {honor_dialect, true},
              {xiaomi_dialect, false}, {oppo_dialect, false},   {vivo_dialect, false}};
  for (const auto& row : rows) {
    send(channel(row.dialect()), both);
    const std::string& body = http_.requests.back().body;
    EXPECT_EQ(body.find("This missing child notice has ended") != std::string::npos, row.has_room) << body;
  }
}

TEST_F(VendorChannels, BothTheCodeAndTheAnswersHeadSayHowLongThenTheLonger) {
  constexpr auto rejected = DeliveryOutcome::rejected;
  constexpr auto retry = DeliveryOutcome::retry;
  const struct {
    VendorDialect (*dialect)();
    int status;
    const char* body;
    const char* field;
    DeliveryOutcome outcome;
    std::chrono::seconds after;
  } rows[] = {
      {hms_dialect, 503, R"({"code":"81000001"})", "7", retry, 7s},
      {hms_dialect, 200, R"({"code":"4711"})", "7", retry, 7s},  // which nobody knows
      {hms_dialect, 503, "", "7", retry, 7s},
      {oppo_dialect, 429, R"({"code":13})", "7", retry, 60s},
      {oppo_dialect, 429, R"({"code":13})", "90", retry, 90s},
      {vivo_dialect, 200, R"({"result":10302})", "7", rejected, 0s},
  };
  for (const auto& row : rows) {
    http_.answer = answered(row.status, row.body, row.field);
    const ports::SendResult sent = send(channel(row.dialect()), alert());
    EXPECT_EQ(sent.outcome, row.outcome) << row.body;
    EXPECT_EQ(sent.retry_after, row.after) << row.body;
  }
}

TEST_F(VendorChannels, OvertakenWhileAnotherTokenIsHadThenThereIsNoSecondTry) {
  http_.first = {answered(401, R"({"code":"80200001"})")};
  ports::Dispatch overtaken = alert();
  overtaken.still_due = [this](const core::Delivery&) { return http_.requests.empty(); };
  EXPECT_EQ(send(channel(hms_dialect()), overtaken).outcome, DeliveryOutcome::retry);
  EXPECT_THAT(http_.requests, SizeIs(1));
}

TEST_F(VendorChannels, OvertakenWhileATokenIsHadThenItIsNotSent) {
  bool is_due = true;
  http_.on_aside = [&is_due] { is_due = false; };
  ports::Dispatch overtaken = alert();
  overtaken.still_due = [&is_due](const core::Delivery&) { return is_due; };
  const ports::SendResult sent = send(channel(hms_dialect()), overtaken);
  EXPECT_EQ(sent.outcome, DeliveryOutcome::held);
  EXPECT_TRUE(sent.unsent);
  EXPECT_THAT(http_.requests, SizeIs(0));
}

TEST_F(VendorChannels, TokensTakeTheirTimeThenTheAttemptHasOneDeadlineAllTheSame) {
  VendorChannel& hms = channel(hms_dialect());
  http_.answer = answered(200, R"({"code":"80000000"})");
  send(hms, alert());
  loop_.clock.run_for(AccessTokens::ask_interval);
  const ports::Clock::Steady begun = loop_.clock.steady_now();
  http_.on_aside = [this] { loop_.clock.stand_still(5s); };
  http_.first = {answered(401, R"({"code":"80200001"})")};
  EXPECT_EQ(send(hms, alert()).outcome, DeliveryOutcome::accepted);
  ASSERT_THAT(http_.asides, SizeIs(2));
  EXPECT_EQ(http_.asides[1].deadline - begun, 7'500ms) << "half of what there is";
  ASSERT_THAT(http_.requests, SizeIs(3));
  EXPECT_EQ(http_.requests[1].deadline - begun, 15s);
  EXPECT_EQ(http_.requests[2].deadline - begun, 15s);
}

TEST_F(VendorChannels, TokensRefusedThenOneMoreTryWithAnother) {
  const struct {
    VendorDialect (*dialect)();
    int status;
    const char* refused;
    const char* accepted;
  } rows[] = {
      {hms_dialect, 200, R"({"code":"80200003"})", R"({"code":"80000000"})"},
      {hms_dialect, 401, R"({"code":"80200001"})", R"({"code":"80000000"})"},
      {honor_dialect, 401, "", R"({"code":200})"},
      {oppo_dialect, 200, R"({"code":11})", R"({"code":0})"},
      {vivo_dialect, 200, R"({"result":10000})", R"({"result":0})"},
  };
  for (const auto& row : rows) {
    http_.asides.clear();
    http_.requests.clear();
    VendorChannel& through = channel(row.dialect());
    http_.answer = answered(200, row.accepted);
    EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::accepted);
    loop_.clock.run_for(AccessTokens::ask_interval);
    http_.first = {answered(row.status, row.refused)};
    EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::accepted) << row.refused;
    EXPECT_THAT(http_.asides, SizeIs(2)) << row.refused;
    EXPECT_THAT(http_.requests, SizeIs(3)) << row.refused;
    // A gateway that refuses whatever it is shown is not stormed.
    http_.answer = answered(row.status, row.refused);
    for (int more = 0; more < 10; ++more) {
      EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::retry);
    }
    EXPECT_THAT(http_.asides, SizeIs(2)) << row.refused;
  }
}

TEST_F(VendorChannels, NoTokenToBeHadThenNothingLeavesAndNobodyAsksAgainAtOnce) {
  for (const auto dialect : {hms_dialect, honor_dialect, oppo_dialect, vivo_dialect}) {
    for (const char* body : {"{}", R"({"error":1101})", R"({"access_token":"a\r\nb"})", "no"}) {
      http_.asides.clear();
      http_.aside = answered(200, body);
      VendorChannel& through = channel(dialect());
      EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::retry);
      const ports::SendResult second = send(through, alert());
      EXPECT_EQ(second.outcome, DeliveryOutcome::retry);
      EXPECT_EQ(second.retry_after, AccessTokens::failure_pause);
      EXPECT_THAT(http_.asides, SizeIs(1));
    }
  }
  EXPECT_THAT(http_.requests, SizeIs(0));
}

TEST_F(VendorChannels, ReloadBringsAnotherSecretThenTheTokenOfTheOldOneIsForgotten) {
  VendorChannel& through = channel(hms_dialect());
  send(through, alert());
  send(through, alert());
  EXPECT_THAT(http_.asides, SizeIs(1));
  secrets_.put("client_secret", "new");
  send(through, alert());
  ASSERT_THAT(http_.asides, SizeIs(2));
  EXPECT_EQ(http_.asides[0].body, "grant_type=client_credentials&client_id=client&client_secret=s%26t");
  EXPECT_THAT(http_.asides[1].body, HasSubstr("client_secret=new"));
}

/// Counts what it is told of one event.
class Counting final : public ports::Log {
 public:
  explicit Counting(std::string event) : event_(std::move(event)) {}
  void write(ports::Severity, std::string_view event, Fields) override { count += event == event_ ? 1 : 0; }

  int count = 0;

 private:
  std::string event_;
};

TEST_F(VendorChannels, ReloadBringsAKeyThatIsNoneThenTheLastOneGoesOnAndItIsSaidOnce) {
  Counting log("gateway.key_refused");
  VendorAccount account;
  account.secrets = &secrets_;
  account.texts = {{"key_id", "kid-1"}, {"audience", "https://login.test/token"}};
  VendorChannel through(harmony_dialect(), {http_, loop_.clock, log}, at("https://vendor.test"), account, words_,
                        links_);
  http_.answer = answered(200, R"({"code":"80000000"})");
  send(through, alert());
  for (const char* none : {"", "none", test::apns_key}) {
    secrets_.put("private_key", none);
    EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::accepted);
    EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::accepted);
    EXPECT_EQ(field(http_.requests.back(), "authorization"), field(http_.requests[0], "authorization"));
  }
  EXPECT_EQ(log.count, 3);
  loop_.clock.stand_still(1h);
  EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::accepted) << "a new token by the last key";
  secrets_.put("private_key", test::service_account_key);
  EXPECT_EQ(send(through, alert()).outcome, DeliveryOutcome::accepted);
  EXPECT_NE(field(http_.requests.back(), "authorization"), field(http_.requests.rbegin()[1], "authorization"));
  EXPECT_EQ(log.count, 3);
}

TEST_F(VendorChannels, EachVendorThenItsOwnAddressAndProof) {
  const struct {
    VendorDialect (*dialect)();
    const char* target;
    const char* header;
    const char* proof;
  } rows[] = {
      {hms_dialect, "/v1/app/messages:send", "authorization", "Bearer t1"},
      {harmony_dialect, "/v3/project/messages:send", "push-type", "0"},
      {honor_dialect, "/api/v1/app/sendMessage", "authorization", "Bearer t1"},
      {xiaomi_dialect, "/v3/message/regid", "authorization", "key=s&t"},
      {oppo_dialect, "/server/v1/message/notification/unicast", "authorization", ""},
      {vivo_dialect, "/message/send", "authtoken", "t1"},
  };
  for (const auto& row : rows) {
    http_.requests.clear();
    send(channel(row.dialect()), alert());
    ASSERT_THAT(http_.requests, SizeIs(1)) << row.target;
    const HttpRequest& request = http_.requests[0];
    EXPECT_EQ(request.url.target, row.target);
    EXPECT_EQ(field(request, row.header), row.proof) << row.target;
    EXPECT_THAT(request.body, Not(HasSubstr("ccc"))) << "left out whole";
    EXPECT_LE(request.body.size(), 4'096U + 16) << row.target;
  }
}

TEST_F(VendorChannels, AllWhoHaveJoinedThenOneRequestAndNobodyAnswersForThem) {
  const struct {
    VendorDialect (*dialect)();
    const char* address;
    const char* target;
    const char* member;
  } rows[] = {
      {hms_dialect, "topic:div-210102", "/v1/app/messages:send", R"("topic":"div-210102"}})"},
      {hms_dialect, "condition:'a' in topics", "/v1/app/messages:send", R"("condition":"'a' in topics"}})"},
      {xiaomi_dialect, "topic:沈河区", "/v3/message/topic", "topic=%E6%B2%88%E6%B2%B3%E5%8C%BA&"},
  };
  for (const auto& row : rows) {
    http_.requests.clear();
    send(channel(row.dialect()), dispatch(row.address));
    ASSERT_THAT(http_.requests, SizeIs(1)) << row.address;
    EXPECT_EQ(http_.requests[0].url.target, row.target);
    EXPECT_THAT(http_.requests[0].body, HasSubstr(row.member));
    EXPECT_THAT(http_.requests[0].body, Not(HasSubstr("acknowledgeUrl")));
    EXPECT_THAT(http_.requests[0].body, Not(HasSubstr("\"token\"")));
    EXPECT_THAT(http_.requests[0].body, Not(HasSubstr("registration_id")));
  }
  for (const auto dialect : {harmony_dialect, honor_dialect, oppo_dialect, vivo_dialect}) {
    http_.requests.clear();
    EXPECT_EQ(send(channel(dialect()), dispatch("topic:a")).outcome, DeliveryOutcome::rejected);
    EXPECT_THAT(http_.requests, SizeIs(0));
  }
}

TEST_F(VendorChannels, NobodyIsThereThenATopicStays) {
  const struct {
    VendorDialect (*dialect)();
    const char* body;
  } rows[] = {{hms_dialect, R"({"code":"80300007"})"}, {xiaomi_dialect, R"({"code":20301})"}};
  for (const auto& row : rows) {
    http_.answer = answered(200, row.body);
    EXPECT_TRUE(send(channel(row.dialect()), alert()).address_dead) << row.body;
    EXPECT_FALSE(send(channel(row.dialect()), dispatch("topic:a")).address_dead) << row.body;
  }
}

TEST_F(VendorChannels, AnyNoticeThenTitleAndTextFitAndAnExerciseSaysSo) {
  const std::string long_name = "阿卜杜热西提·阿卜杜热合曼·买买提依明江·努尔艾力";
  for (const auto dialect :
       {hms_dialect, harmony_dialect, honor_dialect, xiaomi_dialect, oppo_dialect, vivo_dialect}) {
    VendorDialect probe = dialect();
    static VendorMessage seen;
    static VendorDialect inner;
    inner = probe;
    probe.message = [](const VendorAccount& account, const VendorMessage& message) {
      seen = message;
      return inner.message(account, message);
    };
    VendorChannel& through = channel(probe);
    for (const core::NoticeKind kind :
         {core::NoticeKind::alert, core::NoticeKind::update, core::NoticeKind::close, core::NoticeKind::retract}) {
      for (const core::Status status : {core::Status::actual, core::Status::exercise}) {
        for (const char* language : {"zh-CN", "en"}) {
          for (const std::string& name : {std::string("石头"), long_name}) {
            seen = {};
            ports::Dispatch what = alert({kind, status, name});
            what.languages = {language};
            send(through, what);
            EXPECT_FALSE(seen.title.empty() || seen.text.empty());
            EXPECT_LE(probe.length(seen.title), probe.title_max) << seen.title;
            EXPECT_LE(probe.length(seen.text), probe.text_max) << seen.text;
            EXPECT_EQ(core::holds_exercise_mark(seen.title), status == core::Status::exercise) << seen.title;
            EXPECT_THAT(seen.extras, HasSubstr(R"("acknowledgeUrl":"https://here.test/api/v1/callbacks/)"));
          }
        }
      }
    }
  }
}

TEST_F(VendorChannels, WhatCannotDoThenItShowsAtTheStart) {
  for (const char* key : {"", "none", test::rsa_key /* of 1,024 bits */, test::apns_key}) {
    secrets_.put("private_key", key);
    EXPECT_THROW(channel(harmony_dialect()), std::runtime_error);
  }
  VendorAccount account;
  account.secrets = &secrets_;
  account.texts = {{"token_url", "login.test"}};
  EXPECT_THROW(VendorChannel(hms_dialect(), tools(), at("https://vendor.test"), account, words_, links_),
               std::runtime_error);
}

TEST(ServiceAccount, ATokenThenAJwtByPs256ThatVerifies) {
  const auto account = ServiceAccount::parse(test::service_key, {"kid-1", "sub-1", "https://login.test/token", ""},
                                             SigningKey::Kind::rsa_pss)
                           .value();
  const std::string token = account.sign(core::Instant(1'700'000'000s + 900ms), 3'600s);
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  EXPECT_EQ(wire::decode_base64(token.substr(0, first)), R"({"alg":"PS256","typ":"JWT","kid":"kid-1"})");
  EXPECT_EQ(wire::decode_base64(token.substr(first + 1, second - first - 1)),
            R"({"iss":"sub-1","aud":"https://login.test/token","iat":1700000000,"exp":1700003600})");
  const std::string signature = wire::decode_base64(token.substr(second + 1)).value();
  BIO* bio = BIO_new_mem_buf(test::service_key, -1);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* padding = nullptr;
  EVP_DigestVerifyInit(context, &padding, EVP_sha256(), nullptr, key);
  EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING);
  EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, 32);
  const std::string text = token.substr(0, second);
  EXPECT_EQ(EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                             reinterpret_cast<const unsigned char*>(text.data()), text.size()),
            1);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(bio);
}

}  // namespace
}  // namespace tuanyuan::push
