#include <span>

#include "adapters/mqtt5/client_session.hpp"
#include "adapters/mqtt5/decode.hpp"
#include "adapters/mqtt5/encode.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;

namespace {

using namespace tuanyuan::mqtt5;

constexpr std::size_t packet_bytes_max = 65'536;

/// Whatever is read can be written, and reads as the same again.
void read_write_read(std::span<const std::uint8_t> octets) {
  Decoder decoder(packet_bytes_max);
  decoder.feed(octets);
  while (const auto packet = decoder.next()) {
    Bytes again;
    encode(*packet, again);
    Decoder second(packet_bytes_max);
    second.feed(again);
    const auto same = second.next();
    require(same.has_value() && *same == *packet);
  }
}

/// The same stream octet by octet ends in the same way.
void cut_everywhere(std::span<const std::uint8_t> octets) {
  Decoder whole(packet_bytes_max);
  Decoder pieces(packet_bytes_max);
  whole.feed(octets);
  std::size_t in_whole = 0;
  while (whole.next()) {
    ++in_whole;
  }
  std::size_t in_pieces = 0;
  for (const std::uint8_t& octet : octets) {
    pieces.feed(std::span(&octet, 1));
    while (pieces.next()) {
      ++in_pieces;
    }
  }
  require(in_whole == in_pieces && whole.error() == pieces.error());
}

/// A broker may say anything to a client.
void hostile_broker(std::span<const std::uint8_t> octets) {
  const SessionLimits limits;
  ClientSession session(limits);
  SteadyTime now{0};
  session.open(Connect{}, now);
  Publish publish;
  publish.topic = "t";
  publish.qos = Qos::at_least_once;
  session.publish(publish, now);
  session.receive(octets, now);
  Subscribe subscribe;
  subscribe.subscriptions = {Subscription("a/+")};
  session.subscribe(subscribe, now);
  session.receive(octets, now);
  now = session.deadline().value_or(now);
  session.tick(now);
  session.lost();
  session.open(Connect{}, now);
  session.receive(octets, now);
  session.take_output();
  session.take_events();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> octets(data, size);
  read_write_read(octets);
  cut_everywhere(octets);
  hostile_broker(octets);
  return 0;
}
