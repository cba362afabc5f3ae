// restart_million: from nothing to ready, with a million acknowledgements in the ledger.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/ledger/sqlite/connection.hpp"
#include "bench/bench.hpp"
#include "bench/million.hpp"
#include "bench/temporary_folder.hpp"

namespace tuanyuan::bench {
namespace {

constexpr std::size_t runs = 5;
constexpr std::size_t at_once = 1'000;

/// Every tenth of the calls by itself: a ledger that slowed down as it grew would show here.
void tell_speed(const std::vector<double>& took) {
  for (std::size_t tenth = 0; tenth < 10; ++tenth) {
    const auto from = took.begin() + static_cast<std::ptrdiff_t>(took.size() * tenth / 10);
    const auto to = took.begin() + static_cast<std::ptrdiff_t>(took.size() * (tenth + 1) / 10);
    progress("  acknowledgements, tenth " + std::to_string(tenth + 1) + ": " +
             std::to_string(median({from, to}) * 1000) + " ms for " + std::to_string(at_once));
  }
}

core::AlertId fill(const std::string& file, std::uint32_t answers) {
  EngineBed bed(file);
  import_recipients(bed, million);
  const core::AlertId alert = release_alert(bed);
  std::vector<Said> said = answers_of(million);
  said.resize(answers);
  tell_speed(acknowledge(bed, alert, said, at_once));
  return alert;
}

/// Opens the ledger, recovers, and answers a first board: ready.
double start(const std::string& file, const core::AlertId& alert) {
  std::optional<EngineBed> bed;
  const double took = seconds([&] {
    bed.emplace(file);
    if (!bed->run(bed->engine.recover())) {
      throw std::runtime_error("the ledger was not recovered");
    }
    if (!bed->run(bed->engine.cases().board(bed->releaser, alert))) {
      throw std::runtime_error("there is no board");
    }
  });
  return took;
}

/// Every row that a start reads, in the order of its key, every byte of it.
double read_bare(const std::string& file) {
  return seconds([&] {
    ledger::Connection database(file, {});
    std::size_t bytes = 0;
    for (const char* table : {"journal", "recipients", "expected", "answer_blocks"}) {
      sqlite3_stmt* rows = nullptr;
      const std::string sql = std::string("SELECT * FROM ") + table;
      sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &rows, nullptr);
      while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(rows); ++column) {
          bytes += static_cast<std::size_t>(sqlite3_column_bytes(rows, column));
        }
      }
      sqlite3_finalize(rows);
    }
    if (bytes == 0) {
      throw std::runtime_error("there is nothing to read");
    }
  });
}

std::vector<Figure> restart_million() {
  const TemporaryFolder folder;
  const std::string file = folder.file("ledger.db");
  progress("  importing a million recipients, releasing an alert, acknowledging a million times");
  const core::AlertId alert = fill(file, million);
  const Pairs pairs = interleave(
      runs, [&] { return start(file, alert); }, [&] { return read_bare(file); });
  Figure figure;
  figure.bench = "restart_million";
  figure.ours = median(pairs.ours);
  figure.reference = median(pairs.reference);
  figure.reference_is = "a bare sequential read of the same rows of the same SQLite file";
  figure.unit = "s";
  figure.more = {{"recipients", million}, {"answers", million}};
  return {figure};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  return tuanyuan::bench::run_benches(argc, argv, {{"restart_million", tuanyuan::bench::restart_million}});
}
