#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "ports/ledger.hpp"

namespace tuanyuan::test {

/// Where one test's ledger lives. It may be opened again after the former one is gone, as the daemon does
/// when it starts.
class LedgerHome {
 public:
  virtual ~LedgerHome() = default;
  virtual std::unique_ptr<ports::Ledger> open(boost::asio::io_context& context) = 0;
};

struct LedgerBackend {
  std::string name;
  std::function<std::unique_ptr<LedgerHome>()> make_home;
};

inline void PrintTo(const LedgerBackend& backend, std::ostream* out) {
  *out << backend.name;
}

/// Every ledger there is. A new one is added here and has to pass the suite as it stands.
std::vector<LedgerBackend> ledger_backends();

}  // namespace tuanyuan::test
