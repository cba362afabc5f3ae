#include "bench/engine_bed.hpp"

namespace tuanyuan::bench {

EngineBed::EngineBed(const std::string& ledger_file)
    : ledger(context.get_executor(), ledger::SqliteOptions{ledger_file, {}, {}, {}}),
      engine(context.get_executor(),
             engine::Tools{ledger, vault, notary, pictures, codec, clock, entropy, metrics, log, pool},
             engine::Settings()) {}

}  // namespace tuanyuan::bench
