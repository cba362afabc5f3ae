#include "adapters/ledger/sqlite/answer_block.hpp"

#include <gtest/gtest.h>

#include "adapters/ledger/sqlite/journal_chain.hpp"

namespace tuanyuan::test {
namespace {

using core::AnswerKind;
using core::AnswerSource;
using core::UnableReason;
using ledger::pack_answers;
using ledger::PackedAnswer;
using ledger::unpack_answers;
using Answers = std::vector<PackedAnswer>;

const core::Instant noon = core::from_epoch_ms(1'785'000'000'000);

Answers extremes() {
  return {{1, 5, AnswerKind::received, AnswerSource::station, UnableReason::none, noon, std::nullopt},
          {0xFFFF'FFFF, 0xFFFF'FFFF, AnswerKind::unable, AnswerSource::officer, UnableReason::not_concerned, noon,
           noon - core::Duration(100), core::ChannelKind::ntfy},
          {0, 0, AnswerKind::removed, AnswerSource::gateway, UnableReason::none, core::from_epoch_ms(INT64_MIN),
           core::from_epoch_ms(INT64_MAX), core::ChannelKind::sms},
          {7, 7, AnswerKind::acting, AnswerSource::station, UnableReason::none, core::from_epoch_ms(INT64_MAX),
           noon, core::ChannelKind::mqtt}};
}

TEST(AnswerBlock, PackedThenUnpackedAsTheyWere) {
  EXPECT_EQ(unpack_answers(pack_answers(extremes())), extremes());
  EXPECT_EQ(unpack_answers(pack_answers({})), Answers{});
}

TEST(AnswerBlock, OrdinaryBatchThenAFewBytesForEach) {
  Answers answers;
  for (core::Ordinal index = 0; index < 4096; ++index) {
    answers.push_back({1, index * 7919 % 1'000'000, AnswerKind::received, AnswerSource::station,
                       UnableReason::none, noon, noon - core::Duration(index % 3000), core::ChannelKind::mqtt});
  }
  const std::string block = pack_answers(answers);
  EXPECT_LT(block.size(), 4096U * 9);
  EXPECT_EQ(unpack_answers(block), answers);
}

TEST(AnswerBlock, CutOffAnywhereThenRefused) {
  const std::string block = pack_answers(extremes());
  for (std::size_t size = 0; size < block.size(); ++size) {
    EXPECT_EQ(unpack_answers(block.substr(0, size)), std::nullopt) << size;
  }
}

TEST(AnswerBlock, MoreBehindItThenRefused) {
  EXPECT_EQ(unpack_answers(pack_answers(extremes()) + '\0'), std::nullopt);
}

TEST(AnswerBlock, OfTheFormatBeforeThenReadWithoutAChannel) {
  const auto answers = unpack_answers(std::string("\x01\x01\x08\x02\x0A\x00", 6));
  ASSERT_TRUE(answers);
  EXPECT_EQ(*answers, (Answers{{1, 5, AnswerKind::received, AnswerSource::gateway, UnableReason::none,
                                core::from_epoch_ms(0), std::nullopt}}));
  EXPECT_EQ(unpack_answers(std::string("\x01\x01\x80\x04\x00\x00\x00", 7)), std::nullopt) << "it named none";
}

TEST(AnswerBlock, NotOfThisFormatThenRefused) {
  EXPECT_EQ(unpack_answers(std::string("\x03\x00", 2)), std::nullopt) << "another format";
  EXPECT_EQ(unpack_answers(std::string("\x02\x01\x80\x2A\x00\x00\x00", 7)), std::nullopt) << "no such channel";
  EXPECT_EQ(unpack_answers(std::string("\x02\x01\x80\x80\x04\x00\x00\x00", 8)), std::nullopt) << "more bits";
  EXPECT_EQ(unpack_answers(std::string("\x01\xFF\xFF\xFF\x7F", 5)), std::nullopt) << "more than a block holds";
  EXPECT_EQ(unpack_answers(std::string("\x01\x01\x06\x00\x00\x00", 6)), std::nullopt) << "no such kind";
  EXPECT_EQ(unpack_answers(std::string("\x01\x01\x18\x00\x00\x00", 6)), std::nullopt) << "no such source";
  EXPECT_EQ(unpack_answers(std::string("\x01\x01\x00\x01\x00\x00", 6)), std::nullopt) << "revision -1";
}

// The journal's chain, by a value that was computed with Python's hashlib.

TEST(JournalChain, KnownLineThenTheKnownHash) {
  const ledger::JournalLine line{1, 1'785'000'000'000, "unit/officer", "report.rejected", "case", "{}"};
  const ledger::ChainHash hash = ledger::chain_after({}, line);
  std::string hex;
  for (unsigned char byte : hash) {
    hex.push_back("0123456789abcdef"[byte >> 4]);
    hex.push_back("0123456789abcdef"[byte & 15]);
  }
  EXPECT_EQ(hex, "62e12414d3dd01adf206e18049b857304cda0bc4282bba8fa28091d633ae26be");
}

TEST(JournalDetail, AnyTextThenTheSameAgainAndNamesSorted) {
  const core::Detail detail{{"b", "汉字 \"quoted\" \\ \n \x01"}, {"a", ""}};
  const std::string json = ledger::detail_to_json(detail);
  EXPECT_EQ(json.substr(0, 8), R"({"a":"",)");
  EXPECT_EQ(ledger::detail_from_json(json), detail);
  EXPECT_EQ(ledger::detail_from_json(ledger::detail_to_json({{"x", "\xFF\xC0"}})),
            (core::Detail{{"x", "\xFF\xC0"}}));
}

TEST(JournalDetail, NotAnObjectOfTextsThenNothing) {
  for (const char* json : {"", "{", "[]", "1", R"({"a":1})", R"({"a":{}})", R"({"a":"b"} x)"}) {
    EXPECT_EQ(ledger::detail_from_json(json), std::nullopt) << json;
  }
}

}  // namespace
}  // namespace tuanyuan::test
