#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/limits.hpp"
#include "adapters/http/message.hpp"
#include "adapters/http/problem.hpp"
#include "pages/site.hpp"
#include "ports/clock.hpp"
#include "tools/station/screen_json.hpp"
#include "tools/station/screens.hpp"

namespace tuanyuan::station {

struct ScreenServiceSettings {
  std::vector<std::string> names;  ///< by which the program may be asked, besides addresses and localhost
  PublicCopies copies;
};

/// Of a station's own listener: some screens and a program or two.
http::Limits screen_limits();

/// Whether a Host field names an address, localhost or one of the names: under any other name it is a page of
/// somebody else's that has been made to resolve to this machine (DNS rebinding).
bool is_our_host(std::string_view host, const std::vector<std::string>& names);

/// The screens over HTTP, each with what is below its own path: `/` for the station itself,
/// `/screens/<recipientId>/` for everybody it serves.
///
///     GET  …                    the page
///     GET  …current.json        what has to be shown now, the most urgent first
///     GET  …photos/<sha256>     a picture of that
///     GET  …codes/<alertId>.svg where the public can read more, as a QR code
///     GET  …events?page=NAME    the same as current.json, at once with every change (text/event-stream)
///     POST …shown               a page's account of what it has (PageAccount)
///     POST …answers             what a person says (PersonsAnswer)
///
/// In the clear and without certificates, so for this machine or a network that the screens alone are in. Other
/// origins are refused: nothing of it is readable or changeable by a page that came from elsewhere. Loop thread.
class ScreenService final : public http::Service {
 public:
  /// So often the state is sent even without a change: whatever a page has got wrong, it gets right by it.
  static constexpr std::chrono::milliseconds state_every_ms{10'000};

  /// All that it is given has to outlive it.
  ScreenService(Screens& screens, ports::Clock& clock, boost::asio::any_io_executor executor, pages::Site site,
                ScreenServiceSettings settings);

  std::size_t body_bytes_max(const http::Request& head) const override;
  boost::asio::awaitable<http::Response> handle(http::Request request) override;

 private:
  http::Outcome<http::Response> answer(const http::Request& request, const std::string& path,
                                       const std::string& page) const;
  http::Outcome<http::Response> on_get(Screen& screen, std::string_view rest, std::string_view page,
                                       const http::Request& request) const;
  http::Outcome<http::Response> on_post(Screen& screen, std::string_view rest, const http::Request& request) const;
  http::Outcome<http::Response> follow(const std::shared_ptr<Screen>& screen, const std::string& page) const;

  Screens& screens_;
  ports::Clock& clock_;
  boost::asio::any_io_executor executor_;
  pages::Site site_;
  ScreenServiceSettings settings_;
};

}  // namespace tuanyuan::station
