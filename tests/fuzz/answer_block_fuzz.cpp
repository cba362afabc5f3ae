// What the embedded ledger keeps packed: whatever can be read can be written, and reads as the same again.
#include "adapters/ledger/sqlite/answer_block.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuanyuan::ledger;
  const auto answers = unpack_answers(tuanyuan::fuzz::text_of(data, size));
  if (!answers) {
    return 0;
  }
  require(answers->size() <= block_answers_max);
  const std::string packed = pack_answers(*answers);
  require(packed.size() <= size);  // there may be longer ways to write a number, never shorter ones
  require(unpack_answers(packed) == answers);
  return 0;
}
