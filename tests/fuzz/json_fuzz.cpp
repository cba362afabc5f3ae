#include <memory>
#include <string>
#include <string_view>

#include "adapters/wire/json.hpp"
#include "adapters/wire/json_base64.hpp"
#include "adapters/wire/json_time.hpp"
#include "fuzz/property.hpp"
#include "tuanyuan/v1/answer.pb.h"
#include "tuanyuan/v1/board.pb.h"
#include "tuanyuan/v1/case.pb.h"
#include "tuanyuan/v1/journal.pb.h"
#include "tuanyuan/v1/notice.pb.h"
#include "tuanyuan/v1/recipient.pb.h"
#include "tuanyuan/v1/report.pb.h"

using tuanyuan::fuzz::require;

namespace {

using google::protobuf::Message;
using tuanyuan::wire::decode_json;
using tuanyuan::wire::encode_json;
using tuanyuan::wire::JsonLimits;
namespace v1 = tuanyuan::v1;

const JsonLimits limits{.text_bytes_max = 65'536, .depth_max = 8, .elements_max = 256, .errors_max = 16};

/// Whatever is read can be written, and reads as the same again; whatever is refused leaves nothing behind.
void read_write_read(std::string_view text, const Message& prototype) {
  const std::unique_ptr<Message> first(prototype.New());
  const auto result = decode_json(text, *first, limits);
  if (!result) {
    require(first->ByteSizeLong() == 0);
    require(result.error().fields.size() <= limits.errors_max);
    return;
  }
  const std::string written = encode_json(*first);
  const std::unique_ptr<Message> second(prototype.New());
  require(decode_json(written, *second).has_value());
  require(encode_json(*second) == written);
}

void scalars(std::string_view text) {
  if (const auto bytes = tuanyuan::wire::decode_base64(text)) {
    std::string standard;
    tuanyuan::wire::append_base64(*bytes, standard);
    require(tuanyuan::wire::decode_base64(standard) == bytes);
  }
  if (const auto time = tuanyuan::wire::parse_timestamp(text)) {
    std::string written;
    tuanyuan::wire::append_timestamp(*time, written);
    require(tuanyuan::wire::parse_timestamp(written) == time);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  // Every kind of field that goes over the wire is in one of these.
  for (const Message* prototype : std::initializer_list<const Message*>{
           &v1::MissingChildReport::default_instance(), &v1::Notice::default_instance(),
           &v1::SignedNotice::default_instance(), &v1::Acknowledgement::default_instance(),
           &v1::Sighting::default_instance(), &v1::Recipient::default_instance(),
           &v1::UpdateRequest::default_instance(), &v1::Board::default_instance(),
           &v1::JournalPage::default_instance()}) {
    read_write_read(text, *prototype);
  }
  scalars(text);
  return 0;
}
