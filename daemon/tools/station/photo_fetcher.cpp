#include "tools/station/photo_fetcher.hpp"

#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "core/backoff.hpp"
#include "tools/station/http_answer.hpp"
#include "tools/station/random.hpp"

namespace tuanyuan::station {

using boost::asio::ip::tcp;

namespace {

constexpr int http_ok = 200;

}  // namespace

std::optional<HttpsUrl> parse_https_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme) || url.find_first_of(" \r\n\t#") != std::string_view::npos) {
    return std::nullopt;
  }
  url.remove_prefix(scheme.size());
  const std::size_t slash = std::min(url.find_first_of("/?"), url.size());
  std::string_view authority = url.substr(0, slash);
  std::string target(url.substr(slash));
  if (!target.starts_with('/')) {
    target.insert(target.begin(), '/');
  }
  HttpsUrl parsed{"", "443", std::move(target)};
  const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    parsed.port = authority.substr(colon + 1);
  }
  parsed.host = bracket == std::string_view::npos ? authority.substr(0, colon) : authority.substr(1, bracket - 1);
  const bool usable = !parsed.host.empty() && parsed.host.find('@') == std::string::npos && !parsed.port.empty() &&
                      parsed.port.find_first_not_of("0123456789") == std::string::npos;
  return usable ? std::optional(std::move(parsed)) : std::nullopt;
}

struct PhotoFetcher::Wanted {
  HttpsUrl url;
  Credentials credentials;
  std::function<void(std::string)> got;
  std::uint32_t attempts = 0;
};

/// One request on one connection. Kept alive by the wait for its deadline, until end() calls that off.
class PhotoFetcher::Attempt final : public std::enable_shared_from_this<Attempt>, private TlsConnection::Listener {
 public:
  Attempt(std::weak_ptr<PhotoFetcher*> fetcher, boost::asio::any_io_executor executor,
          std::unique_ptr<Wanted> wanted)
      : fetcher_(std::move(fetcher)), resolver_(executor), deadline_(executor), wanted_(std::move(wanted)) {}

  void start(SSL_CTX& tls) {
    deadline_.expires_after(attempt_ms_max);
    deadline_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) {
        self->end(std::nullopt);
      }
    });
    resolver_.async_resolve(wanted_->url.host, wanted_->url.port,
                            [self = shared_from_this(), &tls](boost::system::error_code error, auto endpoints) {
                              if (self->wanted_ == nullptr) {
                                return;
                              }
                              if (error) {
                                self->end(std::nullopt);
                                return;
                              }
                              self->connect(tls, endpoints);
                            });
  }

 private:
  void connect(SSL_CTX& tls, const tcp::resolver::results_type& endpoints) {
    connection_ = std::make_shared<TlsConnection>(deadline_.get_executor(), static_cast<Listener&>(*this));
    connection_->open(endpoints, wanted_->url.host, tls, wanted_->credentials, nullptr);
  }

  void opened() override {
    const std::string request = "GET " + wanted_->url.target + " HTTP/1.1\r\nHost: " + wanted_->url.host + ":" +
                                wanted_->url.port + "\r\nAccept: image/*\r\nConnection: close\r\n\r\n";
    connection_->write({request.begin(), request.end()});
  }

  void received(std::span<const std::uint8_t> octets) override {
    switch (answer_.feed(octets)) {
      case HttpAnswer::State::reading:
        break;
      case HttpAnswer::State::done:
        end(answer_.status() == http_ok ? std::optional(answer_.take_body()) : std::nullopt);
        break;
      case HttpAnswer::State::failed:
        end(std::nullopt);
        break;
    }
  }

  void drained() override {}

  void closed(const std::string&) override { end(std::nullopt); }

  void end(std::optional<std::string> photo) {
    if (wanted_ == nullptr) {
      return;
    }
    deadline_.cancel();
    resolver_.cancel();
    if (connection_ != nullptr) {
      connection_->close();
    }
    std::unique_ptr<Wanted> wanted = std::move(wanted_);
    if (const auto fetcher = fetcher_.lock()) {
      (*fetcher)->ended(std::move(wanted), std::move(photo));
    }
  }

  std::weak_ptr<PhotoFetcher*> fetcher_;
  tcp::resolver resolver_;
  boost::asio::steady_timer deadline_;
  std::unique_ptr<Wanted> wanted_;
  std::shared_ptr<TlsConnection> connection_;
  HttpAnswer answer_{photo_bytes_max};
};

PhotoFetcher::PhotoFetcher(boost::asio::any_io_executor executor, SSL_CTX& tls, std::uint64_t seed)
    : executor_(std::move(executor)), tls_(tls), random_(seed), self_(std::make_shared<PhotoFetcher*>(this)) {}

PhotoFetcher::~PhotoFetcher() = default;

void PhotoFetcher::fetch(std::string_view url, Credentials credentials, std::function<void(std::string)> got) {
  auto parsed = parse_https_url(url);
  if (!parsed || stopped_ || waiting_.size() >= waiting_max) {
    return;
  }
  waiting_.push_back(
      std::make_unique<Wanted>(Wanted{std::move(*parsed), std::move(credentials), std::move(got), 0}));
  start_some();
}

void PhotoFetcher::stop() {
  stopped_ = true;
  waiting_.clear();
}

void PhotoFetcher::start_some() {
  while (!stopped_ && active_ < at_once_max && !waiting_.empty()) {
    std::unique_ptr<Wanted> next = std::move(waiting_.front());
    waiting_.pop_front();
    next->attempts += 1;
    active_ += 1;
    std::make_shared<Attempt>(self_, executor_, std::move(next))->start(tls_);
  }
}

void PhotoFetcher::ended(std::unique_ptr<Wanted> wanted, std::optional<std::string> photo) {
  active_ -= 1;
  if (photo) {
    wanted->got(std::move(*photo));
  } else if (wanted->attempts < attempts_max && !stopped_) {
    auto pause = std::make_shared<boost::asio::steady_timer>(executor_);
    pause->expires_after(core::backoff_delay(core::delivery_backoff, wanted->attempts, split_mix(random_)));
    auto shared = std::make_shared<std::unique_ptr<Wanted>>(std::move(wanted));
    pause->async_wait([pause, shared, weak = std::weak_ptr(self_)](boost::system::error_code error) {
      const auto self = weak.lock();
      if (self != nullptr && !error && !(*self)->stopped_) {
        (*self)->waiting_.push_back(std::move(*shared));
        (*self)->start_some();
      }
    });
  }
  start_some();
}

}  // namespace tuanyuan::station
