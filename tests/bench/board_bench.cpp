// board_million: the board of an alert with a million expected recipients, by the engine and by SQL.
#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "adapters/ledger/sqlite/answer_block.hpp"
#include "adapters/ledger/sqlite/connection.hpp"
#include "bench/bench.hpp"
#include "bench/million.hpp"
#include "bench/temporary_folder.hpp"
#include "core/sample_report.hpp"

namespace tuanyuan::bench {
namespace {

constexpr std::size_t runs = 9;
constexpr std::size_t sql_runs = 3;

/// Counts as SQL gives them: expected, received, displayed, confirmed, acting, unable.
using Counts = std::array<std::int64_t, 6>;

// A macro, because statements are literals. `said` has a bit for each kind of answer, in AnswerKind's order.
#define TUANYUAN_BENCH_SUMS                                                                   \
  "sum(n), sum(n * (said & 15 <> 0)), sum(n * (said & 14 <> 0)), sum(n * (said & 12 <> 0)), " \
  "sum(n * (said & 8 <> 0)), sum(n * (said & 32 <> 0)) FROM temp.sums"

/// The board's question put to SQL, over answers that are unpacked into a table of their own beside the directory:
/// sorted by who answered, the expected ones by their groups. Of the ways to ask that were tried, this was among
/// the fastest.
class SqlBoard {
 public:
  explicit SqlBoard(const std::string& file) : database_(file, {}) {
    database_.script(
        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1048576; PRAGMA mmap_size = 4294967296;"
        "CREATE TABLE bench_expected(ordinal INTEGER PRIMARY KEY, category INTEGER, division INTEGER, ring "
        "INTEGER);"
        "CREATE INDEX bench_expected_groups ON bench_expected(division, category, ring);"
        "CREATE TABLE bench_answers(alert INTEGER, revision INTEGER, ordinal INTEGER, kind INTEGER,"
        "  PRIMARY KEY(alert, revision, ordinal, kind)) WITHOUT ROWID;");
  }

  void unpack(EngineBed& bed, const core::AlertId& alert) {
    alert_ = database_.number("SELECT number FROM alerts WHERE id = ?", std::string_view(alert.value)).value();
    database_.script("BEGIN");
    const engine::CaseFile& file = *bed.engine.world().cases.find(alert);
    const core::Report report = core::sample::sample_report();
    const core::Position centre = core::to_wgs84(*report.last_seen.position, report.last_seen.crs);
    for (core::Ordinal ordinal : file.tally.expected()) {
      const core::Directory::Entry entry = bed.engine.world().directory.at(ordinal);
      const std::string ring =
          core::ring_name(bed.engine.world().settings.rings, core::distance_km(centre, *entry.position));
      database_.execute("INSERT INTO bench_expected VALUES(?,?,?,?)", ledger::number(ordinal),
                        ledger::number(entry.category), ledger::number(entry.division.code),
                        std::int64_t{std::stoi(ring)});
    }
    database_.script("CREATE TEMP TABLE unsorted(alert INTEGER, revision INTEGER, ordinal INTEGER, kind INTEGER)");
    {
      ledger::Rows blocks = database_.query("SELECT alert, answers FROM answer_blocks");
      while (blocks.next()) {
        const auto block = ledger::unpack_answers(blocks->view(1));
        for (const ledger::PackedAnswer& answer : block.value()) {
          database_.execute("INSERT INTO unsorted VALUES(?,?,?,?)", blocks->integer(0),
                            ledger::number(answer.revision), ledger::number(answer.ordinal),
                            ledger::number(answer.kind));
        }
      }
    }
    database_.script(
        "INSERT INTO bench_answers SELECT * FROM unsorted ORDER BY alert, revision, ordinal, kind;"
        "DROP TABLE unsorted; COMMIT; ANALYZE");
  }

  struct Answer {
    std::map<std::string, Counts> total, by_category, by_division, by_ring;
    std::int64_t silent_total = 0;
    std::vector<std::string> silent;  ///< names
  };

  /// What each has said in one number, then how many said so in each group; the board's tables are sums of those.
  Answer ask() {
    Answer answer;
    database_.script(forget);
    database_.execute(said, alert_);
    database_.execute(sums);
    answer.total = rollup("SELECT '', " TUANYUAN_BENCH_SUMS);
    answer.by_category = rollup("SELECT category, " TUANYUAN_BENCH_SUMS " GROUP BY category");
    answer.by_division = rollup("SELECT division, " TUANYUAN_BENCH_SUMS " GROUP BY division");
    answer.by_ring = rollup("SELECT ring, " TUANYUAN_BENCH_SUMS " GROUP BY ring");
    answer.silent_total =
        database_.number("SELECT sum(n) FROM temp.sums WHERE said & 15 = 0 OR (said & 32 <> 0 AND said & 12 = 0)")
            .value();
    ledger::Rows rows = database_.query(silent_page, alert_);
    while (rows.next()) {
      answer.silent.push_back(rows->text(1));
    }
    return answer;
  }

  /// Which hundred are listed is the engine's to say; that they are silent is not.
  bool is_silent(const core::RecipientId& id) {
    return database_.number(silent_one, alert_, std::string_view(id.value)).has_value();
  }

  void print_plan() {
    database_.script(forget);
    explain(said, true);
    database_.execute(said, alert_);
    explain(sums, false);
    database_.execute(sums);
    explain(silent_page, true);
  }

 private:
  static constexpr const char* forget = "DROP TABLE IF EXISTS temp.said; DROP TABLE IF EXISTS temp.sums";
  static constexpr const char* said =
      "CREATE TEMP TABLE said AS SELECT division, category, ring, ifnull((SELECT sum(1 << a.kind) FROM "
      "bench_answers a "
      "WHERE a.alert = ?1 AND a.revision = 1 AND a.ordinal = e.ordinal), 0) AS said "
      "FROM bench_expected e INDEXED BY bench_expected_groups";
  static constexpr const char* sums =
      "CREATE TEMP TABLE sums AS SELECT division, category, ring, said, count(*) AS n FROM temp.said "
      "GROUP BY division, category, ring, said";
#define TUANYUAN_BENCH_SILENT                                                                                  \
  "FROM bench_expected e JOIN recipients r ON r.ordinal = e.ordinal WHERE (NOT EXISTS (SELECT 1 FROM "         \
  "bench_answers "                                                                                             \
  "a WHERE a.alert = ?1 AND a.revision = 1 AND a.ordinal = e.ordinal AND a.kind IN (0, 1, 2, 3)) "             \
  "OR (EXISTS (SELECT 1 FROM bench_answers a WHERE a.alert = ?1 AND a.revision = 1 AND a.ordinal = e.ordinal " \
  "AND a.kind = 5) AND NOT EXISTS (SELECT 1 FROM bench_answers a WHERE a.alert = ?1 AND a.revision = 1 "       \
  "AND a.ordinal = e.ordinal AND a.kind IN (2, 3)))) "
  static constexpr const char* silent_page =
      "SELECT r.id, r.name, r.category, r.liaison_post, r.liaison_telephone " TUANYUAN_BENCH_SILENT
      "ORDER BY e.ordinal LIMIT 100";
  static constexpr const char* silent_one = "SELECT 1 " TUANYUAN_BENCH_SILENT "AND r.id = ?2";

  void explain(const char* sql, bool of_alert) {
    progress(sql);
    ledger::Statement statement(database_.handle(), std::string("EXPLAIN QUERY PLAN ") + sql);
    if (of_alert) {
      statement.bind_all(alert_);
    }
    while (statement.step()) {
      progress("  plan: " + statement.text(3));
    }
  }

  std::map<std::string, Counts> rollup(const char* sql) {
    std::map<std::string, Counts> out;
    ledger::Rows rows = database_.query(sql);
    while (rows.next()) {
      Counts& counts = out[rows->text(0)];
      for (int column = 0; column < 6; ++column) {
        counts.at(static_cast<std::size_t>(column)) = rows->integer(column + 1);
      }
    }
    return out;
  }

  ledger::Connection database_;
  std::int64_t alert_ = 0;
};

Counts counts_of(const core::TallyRow& row) {
  using core::AnswerKind;
  return {row.expected,
          row.count(AnswerKind::received),
          row.count(AnswerKind::displayed),
          row.count(AnswerKind::confirmed),
          row.count(AnswerKind::acting),
          row.count(AnswerKind::unable)};
}

void require(bool same, const char* what) {
  if (!same) {
    throw std::runtime_error(std::string("the engine and SQL do not agree on ") + what);
  }
}

void compare(const core::Board& board, SqlBoard& database) {
  const SqlBoard::Answer sql = database.ask();
  const auto same = [](const std::map<std::string, core::TallyRow>& ours,
                       const std::map<std::string, Counts>& theirs, auto name) {
    for (const auto& [key, counts] : theirs) {
      const auto found = ours.find(name(key));
      if (found == ours.end() || counts_of(found->second) != counts) {
        return false;
      }
    }
    return ours.size() == theirs.size();
  };
  const auto itself = [](const std::string& name) { return name; };
  const auto category = [](const std::string& number) {
    return std::string(core::to_string(static_cast<core::Category>(std::stoi(number))));
  };
  require(counts_of(board.total) == sql.total.at(""), "the counts");
  require(same(board.by_category, sql.by_category, category), "the categories");
  require(same(board.by_division, sql.by_division, itself), "the divisions");
  require(same(board.by_ring, sql.by_ring, itself), "the rings");
  require(board.silent_total == sql.silent_total, "how many are silent");
  require(board.silent.size() == sql.silent.size() &&
              std::all_of(board.silent.begin(), board.silent.end(),
                          [&database](const auto& row) { return database.is_silent(row.recipient_id); }),
          "who is silent");
}

std::vector<Figure> board_million() {
  const TemporaryFolder folder;
  const std::string file = folder.file("ledger.db");
  EngineBed bed(file);
  progress("  importing a million recipients, releasing an alert, acknowledging");
  import_recipients(bed, million);
  const core::AlertId alert = release_alert(bed);
  const std::vector<Said> said = answers_of(million);
  acknowledge(bed, alert, said, 5'000);
  progress("  " + std::to_string(said.size()) + " acknowledgements; unpacking them for SQL");
  SqlBoard sql(file);
  sql.unpack(bed, alert);

  const auto ask_engine = [&] { return bed.run(bed.engine.cases().board(bed.releaser, alert)); };
  const core::Result<core::Board> board = ask_engine();
  if (!board || board->total.expected != million) {
    throw std::runtime_error("the board does not expect a million");
  }
  compare(*board, sql);
  sql.print_plan();

  std::vector<double> ours, theirs;
  for (std::size_t run = 0; run < runs; ++run) {
    ours.push_back(seconds([&] { static_cast<void>(ask_engine()); }));
    if (run < sql_runs) {
      theirs.push_back(seconds([&] { static_cast<void>(sql.ask()); }));
    }
  }
  Figure figure;
  figure.bench = "board_million";
  figure.ours = 1 / median(ours);
  figure.reference = 1 / median(theirs);
  figure.reference_is = "the same board by indexed SQL over the unpacked answers in the same SQLite file";
  figure.unit = "boards/s";
  figure.goal = Goal::ratio_at_least(100);
  figure.more = {{"ours_ms", median(ours) * 1000},
                 {"reference_ms", median(theirs) * 1000},
                 {"expected", million},
                 {"answers", static_cast<double>(said.size())},
                 {"divisions", static_cast<double>(board->by_division.size())},
                 {"silent", board->silent_total}};
  return {figure};
}

}  // namespace
}  // namespace tuanyuan::bench

int main(int argc, char** argv) {
  return tuanyuan::bench::run_benches(argc, argv, {{"board_million", tuanyuan::bench::board_million}});
}
