// directory_bytes: what a directory of a million MQTT recipients costs the daemon in memory.
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/bench.hpp"
#include "bench/million.hpp"
#include "bench/temporary_folder.hpp"

namespace tuanyuan::bench {
namespace {

constexpr double bytes_each_max = 400;

double each(std::size_t after, std::size_t before) {
  return static_cast<double>(after - before) / million;
}

/// The engine with the ledger's directory, everybody heard of by presence: most are online, some went away.
double by_engine(const std::string& file) {
  EngineBed bed(file);
  const std::size_t before = resident_bytes();
  if (!bed.run(bed.engine.recover()) || bed.engine.world().directory.size() != million) {
    throw std::runtime_error("the directory was not recovered");
  }
  for (std::uint32_t index = 0; index < million; ++index) {
    const core::RecipientId id = recipient(index).id;
    bed.engine.answers().presence(id, true);
    if (mixed(index) % 20 == 0) {
      bed.engine.answers().presence(id, false);
    }
  }
  return each(resident_bytes(), before);
}

/// The same rows as they are told, found by id.
double by_plain_objects() {
  const std::size_t before = resident_bytes();
  std::vector<core::Recipient> rows;
  std::unordered_map<std::string, core::Ordinal> by_id;
  rows.reserve(million);
  for (std::uint32_t index = 0; index < million; ++index) {
    rows.push_back(recipient(index));
    by_id.emplace(rows.back().id.value, index);
  }
  return each(resident_bytes(), before);
}

std::vector<Figure> directory_bytes() {
  const TemporaryFolder folder;
  const std::string file = folder.file("ledger.db");
  progress("  importing a million recipients");
  in_child([&file] {
    EngineBed bed(file);
    import_recipients(bed, million);
    return 0.0;
  });
  Figure figure;
  figure.bench = "directory_bytes";
  figure.ours = in_child([&file] { return by_engine(file); });
  figure.reference = in_child(by_plain_objects);
  figure.reference_is = "the same recipients as plain objects in a vector, with a hash map from their ids";
  figure.unit = "bytes/recipient";
  figure.goal = Goal::ours_at_most(bytes_each_max);
  figure.more = {{"recipients", million}};
  return {figure};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  return tuanyuan::bench::run_benches(argc, argv, {{"directory_bytes", tuanyuan::bench::directory_bytes}});
}
