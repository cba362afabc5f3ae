// The reader of text/event-stream: the same events however the bytes are cut into pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/ctl/event_stream.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tuanyuan::ctl::EventStreamReader;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  EventStreamReader whole;
  const auto at_once = whole.feed(text);
  EventStreamReader pieces;
  std::size_t found = 0;
  for (const char& byte : text) {
    for (const auto& event : pieces.feed(std::string_view(&byte, 1))) {
      if (found >= at_once.size() || event.data != at_once[found].data || event.id != at_once[found].id) {
        std::abort();
      }
      ++found;
    }
  }
  if (found != at_once.size()) {
    std::abort();
  }
  return 0;
}
