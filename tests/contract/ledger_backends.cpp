#include "adapters/ledger/memory/memory_ledger.hpp"
#include "contract/ledger_home.hpp"

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

}  // namespace

std::vector<LedgerBackend> ledger_backends() {
  return {{"memory", [] { return std::make_unique<MemoryHome>(); }}};
}

}  // namespace tuanyuan::test
