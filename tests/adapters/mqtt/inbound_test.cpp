#include "adapters/mqtt/inbound.hpp"

#include <gtest/gtest.h>

#include "adapters/mqtt/fakes.hpp"
#include "adapters/mqtt/limits.hpp"
#include "adapters/mqtt/receipts.hpp"
#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"

namespace tuanyuan::mqtt {
namespace {

using test::alert_a;
const core::RecipientId station("station-1");

core::Acknowledgement displayed() {
  core::Acknowledgement answer;
  answer.alert_id = core::AlertId(alert_a);
  answer.revision = 2;
  answer.recipient_id = station;
  answer.kind = core::AnswerKind::displayed;
  return answer;
}

TEST(DecodeAcknowledgement, EitherEncodingOnOneTopicThenTheSame) {
  const v1::Acknowledgement message = wire::to_proto(displayed());
  for (const std::string& payload : {message.SerializeAsString(), wire::encode_json(message)}) {
    const auto decoded = decode_acknowledgement(payload, station);
    const auto* answer = std::get_if<core::Acknowledgement>(&decoded);
    ASSERT_NE(answer, nullptr) << payload;
    EXPECT_EQ(answer->alert_id.value, alert_a);
    EXPECT_EQ(answer->revision, 2U);
    EXPECT_EQ(answer->kind, core::AnswerKind::displayed);
  }
}

TEST(DecodeAcknowledgement, WithoutRecipientThenItsTopics) {
  core::Acknowledgement answer = displayed();
  answer.recipient_id = {};
  const auto decoded = decode_acknowledgement(wire::to_proto(answer).SerializeAsString(), station);
  EXPECT_EQ(std::get<core::Acknowledgement>(decoded).recipient_id, station);
}

TEST(DecodeAcknowledgement, OfAnotherRecipientThenLeftForTheDeskToJudge) {
  core::Acknowledgement answer = displayed();
  answer.recipient_id = core::RecipientId("member-7");
  const auto decoded = decode_acknowledgement(wire::to_proto(answer).SerializeAsString(), station);
  EXPECT_EQ(std::get<core::Acknowledgement>(decoded).recipient_id.value, "member-7");
}

TEST(DecodeAcknowledgement, NotReadableThenRefusedWithoutAName) {
  const std::string unreadable[] = {"\xff\xff\xff", "{", "{\"nothing\":1}", "{\"kind\":99}",
                                    "{" + std::string(acknowledgement_bytes_max, ' ') + "}"};
  for (const std::string& payload : unreadable) {
    const auto decoded = decode_acknowledgement(payload, station);
    const auto* malformed = std::get_if<Malformed>(&decoded);
    ASSERT_NE(malformed, nullptr) << payload.substr(0, 20);
    EXPECT_FALSE(malformed->names_its_answer);
    EXPECT_EQ(malformed->receipt.result, core::ReceiptResult::refused);
    EXPECT_EQ(malformed->receipt.reason, "malformed");
    EXPECT_EQ(malformed->receipt.recipient_id, station);
  }
}

TEST(DecodeAcknowledgement, ReadableButIncompleteThenRefusedByName) {
  v1::Acknowledgement message = wire::to_proto(displayed());
  message.set_kind(v1::Acknowledgement::UNABLE);  // without its reason
  const auto decoded = decode_acknowledgement(message.SerializeAsString(), station);
  const auto& malformed = std::get<Malformed>(decoded);
  EXPECT_TRUE(malformed.names_its_answer);
  EXPECT_EQ(malformed.receipt.alert_id.value, alert_a);
  EXPECT_EQ(malformed.receipt.kind, core::AnswerKind::unable);
}

TEST(DecodeAcknowledgement, OneFieldOfTheJsonIsUnknownThenRefusedByName) {
  const std::string wrong[] = {R"("colour":1)", R"("source":"STATION")", R"("at":5)"};
  for (const std::string& field : wrong) {
    const std::string payload =
        std::string(R"({"alertId":")") + alert_a + R"(","revision":3,"kind":"DISPLAYED",)" + field + "}";
    const auto decoded = decode_acknowledgement(payload, station);
    const auto* malformed = std::get_if<Malformed>(&decoded);
    ASSERT_NE(malformed, nullptr) << field;
    EXPECT_TRUE(malformed->names_its_answer) << field;
    EXPECT_EQ(malformed->receipt.alert_id.value, alert_a);
    EXPECT_EQ(malformed->receipt.revision, 3U);
    EXPECT_EQ(malformed->receipt.kind, core::AnswerKind::displayed);
  }
}

TEST(DecodeSighting, OneFieldOfTheJsonIsUnknownThenRefusedByItsId) {
  const auto decoded = decode_sighting(R"({"sightingId":"s-1","colour":1})", station);
  EXPECT_EQ(std::get<Malformed>(decoded).receipt.sighting_id.value, "s-1");
}

TEST(DecodeSighting, IncompleteThenRefusedByItsId) {
  v1::Sighting message;
  message.set_sighting_id("s-1");
  const auto decoded = decode_sighting(message.SerializeAsString(), station);
  const auto& malformed = std::get<Malformed>(decoded);
  EXPECT_TRUE(malformed.names_its_answer);
  EXPECT_EQ(malformed.receipt.sighting_id.value, "s-1");
}

TEST(DecodePresence, KnowsTwoWords) {
  EXPECT_EQ(decode_presence("online"), true);
  EXPECT_EQ(decode_presence("offline"), false);
  EXPECT_EQ(decode_presence(""), false);
  EXPECT_EQ(decode_presence("ONLINE"), std::nullopt);
}

TEST(VersionOfNotice, FoundInBothEncodingsOfThatAlertOnly) {
  const auto copy = test::copy_of(alert_a, {3, 4});
  const core::AlertId alert(alert_a);
  EXPECT_EQ(version_of_notice(copy->protobuf, Encoding::protobuf, alert), (core::Version{3, 4}));
  EXPECT_EQ(version_of_notice(copy->json, Encoding::json, alert), (core::Version{3, 4}));
  EXPECT_EQ(version_of_notice(copy->json, Encoding::json, core::AlertId(test::alert_b)), std::nullopt);
  EXPECT_EQ(version_of_notice(copy->json, Encoding::protobuf, alert), std::nullopt);
  EXPECT_EQ(version_of_notice(copy->protobuf, Encoding::json, alert), std::nullopt);
  EXPECT_EQ(version_of_notice("", Encoding::protobuf, alert), std::nullopt);
}

struct ReplyTest : testing::Test {
  Topics topics{"tuanyuan/v1"};
  Incoming message;
};

TEST_F(ReplyTest, WithoutAResponseTopicThenTheReceiptsTopic) {
  message.payload = "{}";
  const ReplyTo reply = reply_to(message, station, topics);
  EXPECT_EQ(reply, (ReplyTo{"tuanyuan/v1/receipts/station-1", "", Encoding::json, false}));
}

TEST_F(ReplyTest, BelowItsOwnReceiptsTopicThenThereWithCorrelationData) {
  message.response_topic = "tuanyuan/v1/receipts/station-1/42";
  message.correlation_data = "c";
  message.wants_batch = true;
  EXPECT_EQ(reply_to(message, station, topics),
            (ReplyTo{"tuanyuan/v1/receipts/station-1/42", "c", Encoding::protobuf, true}));
}

TEST_F(ReplyTest, AnywhereElseThenIgnoredWithItsCorrelationData) {
  message.response_topic = "tuanyuan/v1/receipts/station-2";
  message.correlation_data = "c";
  EXPECT_EQ(reply_to(message, station, topics),
            (ReplyTo{"tuanyuan/v1/receipts/station-1", "", Encoding::protobuf, false}));
}

core::Receipt receipt_of(std::uint32_t revision) {
  core::Receipt receipt;
  receipt.alert_id = core::AlertId(alert_a);
  receipt.revision = revision;
  receipt.recipient_id = station;
  receipt.kind = core::AnswerKind::received;
  return receipt;
}

v1::Receipts batch_of(const Outgoing& message) {
  v1::Receipts batch;
  EXPECT_TRUE(batch.ParseFromString(*message.payload));
  return batch;
}

TEST(PackReceipts, NotAskedForABatchThenOneMessageEachInItsOwnEncoding) {
  const std::vector<ReplyTo> replies = {{"r/1", "", Encoding::protobuf, false},
                                        {"r/1", "x", Encoding::json, false}};
  const auto messages = pack_receipts({receipt_of(1), receipt_of(2)}, replies);
  ASSERT_EQ(messages.size(), 2U);
  v1::Receipt first;
  ASSERT_TRUE(first.ParseFromString(*messages[0].payload));
  EXPECT_EQ(first.revision(), 1U);
  v1::Receipt second;
  ASSERT_TRUE(wire::decode_json(*messages[1].payload, second));
  EXPECT_EQ(second.revision(), 2U);
  EXPECT_EQ(messages[1].correlation_data, "x");
  EXPECT_FALSE(messages[1].retain);
}

TEST(PackReceipts, AskedForBatchesThenGatheredForEachStationApart) {
  const ReplyTo one{"r/1", "", Encoding::protobuf, true};
  const ReplyTo two{"r/2", "", Encoding::protobuf, true};
  const ReplyTo alone{"r/3", "", Encoding::protobuf, false};
  const auto messages = pack_receipts({receipt_of(1), receipt_of(2), receipt_of(3), receipt_of(4), receipt_of(5)},
                                      {one, two, one, alone, one});
  std::map<std::string, int> receipts;
  for (const Outgoing& message : messages) {
    receipts[message.topic] += message.topic == "r/3" ? 1 : batch_of(message).receipts_size();
  }
  EXPECT_EQ(messages.size(), 3U);
  EXPECT_EQ(receipts, (std::map<std::string, int>{{"r/1", 3}, {"r/2", 1}, {"r/3", 1}}));
}

TEST(PackReceipts, BatchWithDifferentCorrelationDataThenNotMixed) {
  const auto messages = pack_receipts({receipt_of(1), receipt_of(2)}, {{"r/1", "a", Encoding::protobuf, true},
                                                                       {"r/1", "b", Encoding::protobuf, true}});
  EXPECT_EQ(messages.size(), 2U);
}

TEST(PackReceipts, MoreThanAMessageHoldsThenSeveralWithNoneLost) {
  const std::size_t count = receipts_per_message_max * 2 + 1;
  std::vector<core::Receipt> receipts;
  for (std::uint32_t i = 0; i < count; ++i) {
    receipts.push_back(receipt_of(i));
  }
  const std::vector<ReplyTo> replies(count, ReplyTo{"r/1", "", Encoding::protobuf, true});
  const auto messages = pack_receipts(receipts, replies);
  ASSERT_EQ(messages.size(), 3U);
  std::uint32_t next = 0;
  for (const Outgoing& message : messages) {
    const v1::Receipts batch = batch_of(message);
    for (const v1::Receipt& receipt : batch.receipts()) {
      EXPECT_EQ(receipt.revision(), next++);
    }
  }
  EXPECT_EQ(next, count);
}

}  // namespace
}  // namespace tuanyuan::mqtt
