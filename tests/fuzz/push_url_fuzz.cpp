// Endpoints as somebody put them into the directory: webhooks' URLs and secrets, and the deployment's networks.
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string>

#include "adapters/push/address_guard.hpp"
#include "adapters/push/limits.hpp"
#include "adapters/push/url.hpp"
#include "adapters/push/webhook_signature.hpp"
#include "fuzz/property.hpp"

using tuanyuan::fuzz::require;
using namespace tuanyuan;

namespace {

/// What is read can be put into a request as it is, and reads the same when written.
void urls(std::string_view text) {
  const auto url = push::parse_url(text);
  if (!url) {
    return;
  }
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
  require(std::all_of(url->target.begin(), url->target.end(), is_plain) && url->target.starts_with('/'));
  require(std::all_of(url->host.begin(), url->host.end(), is_plain) && !url->host.empty() && url->port != 0);
  require(url->target.find('#') == std::string::npos && url->host.find('@') == std::string::npos);
  const auto again = push::parse_url(url->origin() + url->target);
  require(again && again->origin() == url->origin() && again->target == url->target && again->host == url->host &&
          again->port == url->port && again->is_secure == url->is_secure);
  boost::system::error_code failed;
  boost::asio::ip::make_address(url->host, failed);
  require(url->host_is_address == !failed);
}

void secrets(std::string_view text) {
  const auto keys = push::WebhookKeys::parse(text);
  if (!keys || !keys->can_sign()) {
    return;
  }
  const core::Instant now{std::chrono::seconds(1'000)};
  const std::string signatures = keys->sign({"id", 1'000, text});
  const bool has_shared = signatures.find("v1,") != std::string::npos;
  require(!has_shared || keys->verify("id", "1000", text, signatures, now) == push::WebhookKeys::Verdict::genuine);
  require(keys->verify("id", "1001", text, signatures, now) == push::WebhookKeys::Verdict::forged);
}

void networks(std::string_view text) {
  if (const auto network = push::parse_network(text)) {
    require(network->contains(network->base));
    require(network->bits <= (network->base.is_v4() ? 32U : 128U));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  urls(text);
  urls("https://" + std::string(text));
  secrets(text);
  networks(text);
  return 0;
}
