// The reader of text/event-stream: the same events however the bytes are cut into pieces.
#include "fuzz/property.hpp"
#include "tools/ctl/event_stream.hpp"

using tuanyuan::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tuanyuan::ctl::EventStreamReader;
  const std::string_view text = tuanyuan::fuzz::text_of(data, size);
  EventStreamReader whole;
  const auto at_once = whole.feed(text);
  EventStreamReader pieces;
  std::size_t found = 0;
  for (const char& byte : text) {
    for (const auto& event : pieces.feed(std::string_view(&byte, 1))) {
      require(found < at_once.size());
      require(event.data == at_once[found].data && event.id == at_once[found].id);
      require(event.type == at_once[found].type && !event.type.empty());
      ++found;
    }
  }
  require(found == at_once.size());
  return 0;
}
