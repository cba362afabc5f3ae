#include <google/protobuf/timestamp.pb.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "adapters/wire/json.hpp"
#include "json_schema.hpp"
#include "tuanyuan/v1/answer.pb.h"
#include "tuanyuan/v1/board.pb.h"
#include "tuanyuan/v1/case.pb.h"
#include "tuanyuan/v1/journal.pb.h"
#include "tuanyuan/v1/keys.pb.h"

namespace tuanyuan::wire {
namespace {

TEST(JsonEncode, FieldsWithoutPresenceAreAlwaysThereAndOthersWhenSet) {
  v1::Acknowledgement answer;
  EXPECT_EQ(encode_json(answer), R"({"alertId":"","revision":0,"recipientId":"","kind":"KIND_UNSPECIFIED"})");
  answer.set_alert_id("a");
  answer.set_revision(3);
  answer.set_recipient_id("r");
  answer.set_kind(v1::Acknowledgement::UNABLE);
  answer.mutable_at()->set_seconds(1'706'641'200);
  answer.set_reason(v1::Acknowledgement::NO_STAFF);
  answer.set_note("");
  EXPECT_EQ(encode_json(answer),
            R"({"alertId":"a","revision":3,"recipientId":"r","kind":"UNABLE","at":"2024-01-30T19:00:00Z",)"
            R"("reason":"NO_STAFF","note":""})");
}

TEST(JsonEncode, EmptyListsAndMapsAreThere) {
  EXPECT_EQ(encode_json(v1::Tally()), R"({"expected":0,"counts":{}})");
  EXPECT_EQ(encode_json(v1::Receipts()), R"({"receipts":[]})");
}

TEST(JsonEncode, MapKeysAreSorted) {
  v1::Tally tally;
  for (const char* kind : {"RECEIVED", "ACTING", "UNABLE", "CONFIRMED"}) {
    (*tally.mutable_counts())[kind] = 1;
  }
  EXPECT_EQ(encode_json(tally), R"({"expected":0,"counts":{"ACTING":1,"CONFIRMED":1,"RECEIVED":1,"UNABLE":1}})");
}

TEST(JsonEncode, WideNumbersAreTexts) {
  v1::JournalEntry entry;
  entry.set_sequence(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(encode_json(entry),
            R"({"sequence":"18446744073709551615","actor":"","type":"","subject":"","detail":{}})");
}

TEST(JsonEncode, BytesAreStandardBase64) {
  v1::Key key;
  key.set_public_key("\xfb\xff\xfe\xff");
  EXPECT_NE(encode_json(key).find(R"("publicKey":"+//+/w==")"), std::string::npos);
}

TEST(JsonEncode, RealsAreWrittenAsShortAsTheyComeBack) {
  v1::Circle circle;
  circle.set_latitude(41.8057);
  circle.set_longitude(-0.1);
  circle.set_radius_km(100);
  EXPECT_EQ(encode_json(circle), R"({"latitude":41.8057,"longitude":-0.1,"radiusKm":100,"approximate":false})");
}

TEST(JsonEncode, RealsThatAreNoNumbersAreTexts) {
  v1::Circle circle;
  circle.set_latitude(std::numeric_limits<double>::quiet_NaN());
  circle.set_longitude(std::numeric_limits<double>::infinity());
  circle.set_radius_km(-std::numeric_limits<double>::infinity());
  EXPECT_EQ(encode_json(circle),
            R"({"latitude":"NaN","longitude":"Infinity","radiusKm":"-Infinity","approximate":false})");
}

TEST(JsonEncode, AnEnumeratorOfANewerPeerIsItsNumber) {
  v1::Receipt receipt;
  receipt.set_result(static_cast<v1::Receipt::Result>(77));
  EXPECT_NE(encode_json(receipt).find(R"("result":77)"), std::string::npos);
}

TEST(JsonEncode, FieldMasksAreOneTextInLowerCamelCase) {
  v1::UpdateRequest request;
  request.mutable_update_mask()->add_paths("child.birth_date");
  request.mutable_update_mask()->add_paths("last_seen");
  EXPECT_EQ(encode_json(request), R"({"updateMask":"child.birthDate,lastSeen","reason":""})");
}

TEST(JsonEncode, TextsAreEscapedNoMoreThanNeeded) {
  std::string out;
  append_json_string(std::string("\"\\/\b\f\n\r\t\x01\x1f\x7f<>'张\xf0\x9f\x91\xa7") + '\0', out);
  EXPECT_EQ(out, "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\x7f<>'张\xf0\x9f\x91\xa7\\u0000\"");
}

TEST(JsonEncode, TheSameContentIsTheSameTextWhateverTheOrderOfMaking) {
  v1::Board one;
  v1::Board two;
  for (int division = 0; division < 200; ++division) {
    (*one.mutable_by_division())[std::to_string(210'000 + division)].set_expected(1);
    (*two.mutable_by_division())[std::to_string(210'199 - division)].set_expected(1);
  }
  EXPECT_EQ(encode_json(one), encode_json(two));
}

TEST(JsonEncode, AppendsToWhatIsThere) {
  std::string out = R"({"notice":)";
  append_json(v1::Receipts(), out);
  EXPECT_EQ(out, R"({"notice":{"receipts":[]})");
}

TEST(JsonEncode, EveryKindOfFieldHasItsForm) {
  const auto everything = make_everything();
  EXPECT_EQ(encode_json(*everything),
            R"({"real":0,"smallReal":0,"int32Number":0,"int64Number":"0","uint32Number":0,"uint64Number":"0",)"
            R"("sint32Number":0,"sint64Number":"0","fixed32Number":0,"fixed64Number":"0","sfixed32Number":0,)"
            R"("sfixed64Number":"0","truth":false,"text":"","raw":"","shade":"SHADE_UNSPECIFIED","reals":[],)"
            R"("smallReals":[],"int32Numbers":[],"int64Numbers":[],"uint32Numbers":[],"uint64Numbers":[],)"
            R"("truths":[],"texts":[],"raws":[],"shades":[],"children":[],"times":[],"byText":{},"byNumber":{},)"
            R"("byWideNumber":{},"byTruth":{},"childByText":{},"shadeByText":{},"timeByText":{}})");
}

}  // namespace
}  // namespace tuanyuan::wire
