#pragma once

#include <openssl/ssl.h>

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tools/station/moment.hpp"
#include "tools/station/tls_connection.hpp"

namespace tuanyuan::station {

struct HttpsUrl {
  std::string host;
  std::string port;
  std::string target;
};

/// Nothing for what is not an https URL with a host.
std::optional<HttpsUrl> parse_https_url(std::string_view url);

/// Fetches pictures over https with the station's own certificate, a few at a time, each several times before it
/// is given up. Whether it is the picture that was meant is for who asked to say. Loop thread.
class PhotoFetcher {
 public:
  static constexpr std::size_t at_once_max = 16;
  static constexpr std::size_t waiting_max = 100'000;
  static constexpr std::uint32_t attempts_max = 4;
  static constexpr std::size_t photo_bytes_max = 65'536;  ///< contract, section 4
  static constexpr Steady attempt_ms_max{15'000};

  /// `tls` has to outlive this.
  PhotoFetcher(boost::asio::any_io_executor executor, SSL_CTX& tls, std::uint64_t seed);
  ~PhotoFetcher();

  /// `got` is called when the answer was 200, at most once; never for what is given up.
  void fetch(std::string_view url, Credentials credentials, std::function<void(std::string)> got);
  void stop();

 private:
  struct Wanted;
  class Attempt;

  void start_some();
  void ended(std::unique_ptr<Wanted> wanted, std::optional<std::string> photo);

  boost::asio::any_io_executor executor_;
  SSL_CTX& tls_;
  std::uint64_t random_;
  std::deque<std::unique_ptr<Wanted>> waiting_;
  std::size_t active_ = 0;
  bool stopped_ = false;
  std::shared_ptr<PhotoFetcher*> self_;  ///< for what ends after this is gone
};

}  // namespace tuanyuan::station
