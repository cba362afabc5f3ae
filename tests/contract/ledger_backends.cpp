#include "adapters/ledger/memory/memory_ledger.hpp"
#include "adapters/ledger/sqlite/sqlite_ledger.hpp"
#include "contract/ledger_home.hpp"
#include "contract/temporary_directory.hpp"

namespace tuanyuan::test {
namespace {

class MemoryHome final : public LedgerHome {
 public:
  std::unique_ptr<ports::Ledger> open(boost::asio::io_context& context) override {
    return std::make_unique<ledger::MemoryLedger>(context.get_executor(), store_);
  }

 private:
  std::shared_ptr<ledger::MemoryStore> store_ = std::make_shared<ledger::MemoryStore>();
};

class SqliteHome final : public LedgerHome {
 public:
  std::unique_ptr<ports::Ledger> open(boost::asio::io_context& context) override {
    ledger::SqliteOptions options;
    options.path = directory_.file("ledger.sqlite");
    return std::make_unique<ledger::SqliteLedger>(context.get_executor(), options);
  }

 private:
  TemporaryDirectory directory_;
};

}  // namespace

std::vector<LedgerBackend> ledger_backends() {
  return {{"memory", [] { return std::make_unique<MemoryHome>(); }},
          {"sqlite", [] { return std::make_unique<SqliteHome>(); }}};
}

}  // namespace tuanyuan::test
