// A line of the journal as the ledger keeps it: its type on the first line, its detail as JSON after it. Whatever
// is read as an entry is written as the same text again, however often, or recovery would judge by something else
// than what was decided.
#include "adapters/ledger/sqlite/journal_chain.hpp"
#include "core/entry.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

void entry(std::string_view type, const core::Detail& detail) {
  const auto body = core::from_detail(type, detail);
  if (!body) {
    return;
  }
  require(core::type_name(*body) == type);
  const core::Detail written = core::to_detail(*body);
  const auto again = core::from_detail(type, written);
  require(again && core::to_detail(*again) == written);
}

void actor(std::string_view text) {
  const core::Actor read = core::parse_actor(text);
  require(core::parse_actor(core::to_string(read)) == read);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view type = text.substr(0, end);
  actor(type);
  if (const auto detail = ledger::detail_from_json(text.substr(std::min(end + 1, text.size())))) {
    require(ledger::detail_from_json(ledger::detail_to_json(*detail)) == detail);
    entry(type, *detail);
  }
  return 0;
}
