#include "adapters/mqtt/receipts.hpp"

#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "adapters/mqtt/limits.hpp"
#include "adapters/wire/answer_codec.hpp"
#include "adapters/wire/json.hpp"

namespace tuanyuan::mqtt {
namespace {

// Without a content type: the sender knows in which encoding it asked, and each property costs Paho several
// allocations under one lock.
Outgoing message_of(const google::protobuf::Message& message, const ReplyTo& reply) {
  const bool json = reply.encoding == Encoding::json;
  auto payload =
      std::make_shared<const std::string>(json ? wire::encode_json(message) : message.SerializeAsString());
  Outgoing outgoing(reply.topic, std::move(payload), {});
  outgoing.correlation_data = reply.correlation_data;
  return outgoing;
}

// Where receipts may share a message.
std::string group_key(const ReplyTo& reply) {
  std::string key = reply.topic;
  key += reply.encoding == Encoding::json ? "\nj\n" : "\np\n";
  key += reply.correlation_data;
  return key;
}

struct Group {
  const ReplyTo* reply = nullptr;
  v1::Receipts receipts;
};

}  // namespace

std::vector<Outgoing> pack_receipts(const std::vector<core::Receipt>& receipts,
                                    const std::vector<ReplyTo>& replies) {
  if (receipts.size() != replies.size()) {
    throw std::invalid_argument("as many receipts as replies");
  }
  std::vector<Group> groups;
  std::unordered_map<std::string, std::size_t> open;
  std::vector<Outgoing> messages;
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    if (!replies[i].batch) {
      messages.push_back(message_of(wire::to_proto(receipts[i]), replies[i]));
      continue;
    }
    std::size_t& place = open.try_emplace(group_key(replies[i]), groups.size()).first->second;
    const bool fits = place < groups.size() &&
                      static_cast<std::size_t>(groups[place].receipts.receipts_size()) < receipts_per_message_max;
    if (!fits) {
      place = groups.size();
      groups.push_back(Group{&replies[i], {}});
    }
    *groups[place].receipts.add_receipts() = wire::to_proto(receipts[i]);
  }
  for (const Group& group : groups) {
    messages.push_back(message_of(group.receipts, *group.reply));
  }
  return messages;
}

}  // namespace tuanyuan::mqtt
