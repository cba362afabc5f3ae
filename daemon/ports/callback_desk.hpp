#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/refusal.hpp"

namespace tuanyuan::ports {

/// A gateway's call to us: a delivery report, a reply, a key that was pressed. Who calls has no certificate; the
/// token in its URL says that the URL came from us.
struct Callback {
  std::string token;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< of the query, then of the body
  bool is_posted = false;  ///< else it is a GET, as a browser or a previewing program makes it without being asked
};

struct CallbackAnswer {
  std::string text;      ///< mostly none
  bool is_page = false;  ///< HTML, for a person
};

/// Takes what gateways call back with. Loop thread.
class CallbackDesk {
 public:
  virtual ~CallbackDesk() = default;

  /// What the caller is told in return. Refuses: not_found where the token is none
  /// of ours; invalid where the call says nothing that is known; unavailable where what it says cannot be
  /// committed now.
  virtual boost::asio::awaitable<core::Result<CallbackAnswer>> called(Callback callback) = 0;
};

}  // namespace tuanyuan::ports
