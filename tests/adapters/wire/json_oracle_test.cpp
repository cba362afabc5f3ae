#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/wire/json.hpp"
#include "json_random.hpp"
#include "json_schema.hpp"
#include "tuanyuan/v1/answer.pb.h"
#include "tuanyuan/v1/board.pb.h"
#include "tuanyuan/v1/case.pb.h"
#include "tuanyuan/v1/journal.pb.h"
#include "tuanyuan/v1/keys.pb.h"
#include "tuanyuan/v1/notice.pb.h"
#include "tuanyuan/v1/problem.pb.h"
#include "tuanyuan/v1/recipient.pb.h"
#include "tuanyuan/v1/report.pb.h"

// Protobuf's own JSON, which shares no code with ours, has to read what we write, and we what it writes.
namespace tuanyuan::wire {
namespace {

namespace pb = google::protobuf;
using pb::util::MessageDifferencer;

std::vector<std::unique_ptr<pb::Message>> samples() {
  std::vector<std::unique_ptr<pb::Message>> all;
  all.push_back(make_everything());
  for (const pb::Message* prototype : std::initializer_list<const pb::Message*>{
           &v1::MissingChildReport::default_instance(), &v1::Notice::default_instance(),
           &v1::SignedNotice::default_instance(), &v1::Acknowledgement::default_instance(),
           &v1::Receipts::default_instance(), &v1::Sighting::default_instance(),
           &v1::RecipientList::default_instance(), &v1::Board::default_instance(),
           &v1::AlertAnswer::default_instance(), &v1::UpdateRequest::default_instance(),
           &v1::PreviewAnswer::default_instance(), &v1::JournalPage::default_instance(),
           &v1::Event::default_instance(), &v1::Keys::default_instance(), &v1::Problem::default_instance()}) {
    all.emplace_back(prototype->New());
  }
  return all;
}

std::string difference(const pb::Message& one, const pb::Message& two) {
  std::string lines;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&lines);
  differencer.Compare(one, two);
  return lines;
}

std::string why(const core::Result<void>& result) {
  std::string lines;
  if (result.has_error()) {
    lines = result.error().detail.en + '\n';
    for (const core::FieldError& field : result.error().fields) {
      lines += field.path + ": " + field.message.en + '\n';
    }
  }
  return lines;
}

std::string written_by_protobuf(const pb::Message& message, bool with_defaults) {
  pb::util::JsonPrintOptions options;
  options.always_print_primitive_fields = with_defaults;
  std::string text;
  EXPECT_TRUE(pb::util::MessageToJsonString(message, &text, options).ok());
  return text;
}

TEST(JsonOracle, WhatWeWriteIsReadBackByUsAndByProtobuf) {
  RandomFiller random(20'240'131);
  for (const auto& prototype : samples()) {
    for (int round = 0; round < 60; ++round) {
      const std::unique_ptr<pb::Message> message(prototype->New());
      random.fill(*message);
      const std::string text = encode_json(*message);
      const std::unique_ptr<pb::Message> ours(prototype->New());
      const core::Result<void> result = decode_json(text, *ours);
      ASSERT_TRUE(result.has_value()) << why(result) << text;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *ours)) << text << '\n' << difference(*message, *ours);
      ASSERT_EQ(encode_json(*ours), text);
      const std::unique_ptr<pb::Message> theirs(prototype->New());
      const auto status = pb::util::JsonStringToMessage(text, theirs.get());
      ASSERT_TRUE(status.ok()) << status.ToString() << text;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *theirs)) << text << '\n' << difference(*message, *theirs);
    }
  }
}

TEST(JsonOracle, WhatProtobufWritesIsReadByUs) {
  RandomFiller random(20'240'201);
  for (const auto& prototype : samples()) {
    for (int round = 0; round < 60; ++round) {
      const std::unique_ptr<pb::Message> message(prototype->New());
      random.fill(*message);
      const std::string text = written_by_protobuf(*message, round % 2 == 0);
      const std::unique_ptr<pb::Message> ours(prototype->New());
      const core::Result<void> result = decode_json(text, *ours);
      ASSERT_TRUE(result.has_value()) << why(result) << text;
      ASSERT_TRUE(MessageDifferencer::Equals(*message, *ours)) << text << '\n' << difference(*message, *ours);
    }
  }
}

// One small wound to a text: a byte changed, dropped, doubled, or moved.
std::string wounded(std::string text, RandomFiller& random) {
  static constexpr std::string_view bytes = "\"{}[],:.-+eE019azAZ_ \\/untrfl\n";
  const std::size_t at = random.below(text.size());
  switch (random.below(4)) {
    case 0:
      text[at] = bytes[random.below(bytes.size())];
      break;
    case 1:
      text.erase(at, 1 + random.below(3));
      break;
    case 2:
      text.insert(at, 1, text[at]);
      break;
    default:
      std::swap(text[at], text[random.below(text.size())]);
  }
  return text;
}

TEST(JsonOracle, WhatWeAcceptProtobufAcceptsWithTheSameMeaning) {
  RandomFiller random(7);
  int accepted = 0;
  for (const auto& prototype : samples()) {
    for (int round = 0; round < 1000; ++round) {
      const std::unique_ptr<pb::Message> message(prototype->New());
      random.fill(*message, 2);
      const std::string text = wounded(encode_json(*message), random);
      if (text.find("-0") != std::string::npos) {
        continue;  // protobuf's parser loses the sign of a zero
      }
      const std::unique_ptr<pb::Message> ours(prototype->New());
      if (!decode_json(text, *ours)) {
        continue;
      }
      ++accepted;
      const std::unique_ptr<pb::Message> theirs(prototype->New());
      const auto status = pb::util::JsonStringToMessage(text, theirs.get());
      ASSERT_TRUE(status.ok()) << status.ToString() << text;
      ASSERT_TRUE(MessageDifferencer::Equals(*ours, *theirs)) << text << '\n' << difference(*ours, *theirs);
    }
  }
  EXPECT_GT(accepted, 500) << "too few wounds were harmless for this to say much";
}

}  // namespace
}  // namespace tuanyuan::wire
