#include "bench/engine_bed.hpp"

#include <cstdlib>
#include <stdexcept>

namespace tuanyuan::bench {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "tuanyuan-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no temporary folder can be made");
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

EngineBed::EngineBed(const std::string& ledger_file)
    : ledger(context.get_executor(), ledger::SqliteOptions{ledger_file, {}, {}, {}}),
      engine(context.get_executor(),
             engine::Tools{ledger, vault, notary, pictures, codec, clock, entropy, metrics, log, pool},
             engine::Settings()) {}

}  // namespace tuanyuan::bench
