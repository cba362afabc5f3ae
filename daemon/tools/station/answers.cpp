#include "tools/station/answers.hpp"

#include <utility>

#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"
#include "tools/station/tolerant.hpp"

namespace tuanyuan::station {
namespace {

std::vector<core::Receipt> decode_several(std::string_view payload) {
  v1::Receipts message;
  std::vector<core::Receipt> receipts;
  if (!parse_either(payload, message) || message.receipts_size() > static_cast<int>(receipts_in_one_max)) {
    return receipts;
  }
  for (const v1::Receipt& one : message.receipts()) {
    auto receipt = wire::from_proto(one);
    if (!receipt) {
      return {};
    }
    receipts.push_back(std::move(*receipt));
  }
  return receipts;
}

}  // namespace

std::string encode_answer(const core::Acknowledgement& answer, bool json) {
  const v1::Acknowledgement message = wire::to_proto(answer);
  return json ? wire::encode_json(message) : message.SerializeAsString();
}

std::vector<core::Receipt> decode_receipts(std::string_view payload) {
  std::vector<core::Receipt> receipts = decode_several(payload);
  v1::Receipt message;
  if (receipts.empty() && parse_either(payload, message)) {
    if (auto receipt = wire::from_proto(message)) {
      receipts.push_back(std::move(*receipt));
    }
  }
  return receipts;
}

}  // namespace tuanyuan::station
