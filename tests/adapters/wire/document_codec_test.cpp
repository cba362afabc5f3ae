#include "adapters/wire/document_codec.hpp"

#include <gtest/gtest.h>

#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/notice_codec.hpp"
#include "adapters/wire/report_codec.hpp"
#include "adapters/wire/samples.hpp"
#include "adapters/wire/times.hpp"

namespace tuanyuan::wire {
namespace {

using namespace std::chrono_literals;

TEST(DocumentCodec, ReportThenComesBackWhole) {
  ProtobufDocumentCodec codec;
  EXPECT_EQ(codec.decode_report(codec.encode(samples::report())), samples::report());
}

TEST(DocumentCodec, ReportOfTheLeastThenComesBackWhole) {
  core::Report least;
  least.incident_number = "1";
  least.reporting_unit = "210102000000";
  least.child.age_years = 0;
  least.last_seen.time = samples::instant();
  least.last_seen.division = core::Division{210102};
  least.contact.phone = "110";
  ProtobufDocumentCodec codec;
  EXPECT_EQ(codec.decode_report(codec.encode(least)), least);
}

TEST(DocumentCodec, DamagedReportThenNothing) {
  ProtobufDocumentCodec codec;
  const std::string bytes = codec.encode(samples::report());
  EXPECT_FALSE(codec.decode_report("\xFF").has_value());
  EXPECT_FALSE(codec.decode_report("").has_value());
  EXPECT_FALSE(codec.decode_report(bytes.substr(0, bytes.size() - 1)).has_value());
}

TEST(DocumentCodec, SightingThenComesBackWhole) {
  ProtobufDocumentCodec codec;
  const std::string bytes = codec.encode(samples::sighting());
  const auto back = codec.decode_sighting(bytes);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(codec.encode(*back), bytes);
  EXPECT_FALSE(codec.decode_sighting("").has_value());
}

TEST(DocumentCodec, SignedNoticeThenTheNoticeInIt) {
  v1::SignedNotice envelope;
  envelope.set_notice(serialize(to_proto(samples::notice())));
  ProtobufDocumentCodec codec;
  EXPECT_EQ(codec.decode_notice(envelope.SerializeAsString()), samples::notice());
  EXPECT_FALSE(codec.decode_notice("{}").has_value());
}

TEST(Times, InstantThenComesBackToTheMillisecond) {
  for (const std::int64_t ms : {0LL, 1LL, -1LL, 1'790'000'000'123LL, -62'135'596'800'000LL}) {
    EXPECT_EQ(from_proto(to_proto(core::from_epoch_ms(ms))), core::from_epoch_ms(ms));
  }
  EXPECT_EQ(to_proto(core::from_epoch_ms(-1)).seconds(), -1);
  EXPECT_EQ(to_proto(core::from_epoch_ms(-1)).nanos(), 999'000'000);
}

TEST(Times, StampOutOfRangeThenTheNearestInRange) {
  google::protobuf::Timestamp stamp;
  stamp.set_seconds(std::numeric_limits<std::int64_t>::max());
  stamp.set_nanos(std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(core::to_epoch_ms(from_proto(stamp)), 253'402'300'799'999);
  stamp.set_seconds(std::numeric_limits<std::int64_t>::min());
  stamp.set_nanos(-1);
  EXPECT_EQ(core::to_epoch_ms(from_proto(stamp)), -62'135'596'800'000);
}

TEST(Times, DateThenOnlyWhatRfc3339Writes) {
  EXPECT_EQ(parse_date("2020-02-29"), std::chrono::year{2020} / 2 / 29);
  for (const char* wrong : {"", "2019-02-29", "2019-13-01", "2019-6-1", "2019/06/01", "2019-06-01T", "20190601",
                            "-019-06-01", "2019-06-0x"}) {
    EXPECT_FALSE(parse_date(wrong).has_value()) << wrong;
  }
  EXPECT_EQ(to_string(std::chrono::year{19} / 6 / 1), "0019-06-01");
}

}  // namespace
}  // namespace tuanyuan::wire
