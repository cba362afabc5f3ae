#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/ledger/sqlite/answer_block.hpp"
#include "adapters/ledger/sqlite/journal_chain.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Whatever can be read can be written, and reads as the same again.
  if (const auto answers = tuanyuan::ledger::unpack_answers(bytes)) {
    if (tuanyuan::ledger::unpack_answers(tuanyuan::ledger::pack_answers(*answers)) != answers) {
      std::abort();
    }
  }
  if (const auto detail = tuanyuan::ledger::detail_from_json(bytes)) {
    if (tuanyuan::ledger::detail_from_json(tuanyuan::ledger::detail_to_json(*detail)) != detail) {
      std::abort();
    }
  }
  return 0;
}
