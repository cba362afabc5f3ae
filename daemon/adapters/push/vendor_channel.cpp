#include "adapters/push/vendor_channel.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include "adapters/push/digests.hpp"

namespace tuanyuan::push {
namespace {

constexpr int unauthorized = 401;
constexpr std::chrono::hours kept_max{72};  ///< each vendor keeps for longer; no alert needs it
constexpr std::chrono::seconds kept_min{60};
/// A text that may be so long has room for all the languages of its recipient; a shorter one says more in the
/// first.
constexpr std::size_t text_of_languages_min = 1'000;

/// What is wrong shows when the daemon starts, not when a child is missing.
void require_account(const VendorDialect& dialect, const VendorAccount& account, core::Instant now) {
  const std::string path = "gateways." + std::string(core::to_string(dialect.kind));
  if (dialect.token_request != nullptr && !dialect.token_request(account, now)) {
    throw std::runtime_error(path + ".token_url: must be an absolute URL");
  }
  if (dialect.made_token != nullptr) {
    const auto made = dialect.made_token(account, now);
    if (!made) {
      throw std::runtime_error(path + ".private_key: " + made.error().detail.en);
    }
  }
}

}  // namespace

VendorChannel::VendorChannel(const VendorDialect& dialect, const RestTools& tools, RestSettings settings,
                             VendorAccount account, const Words& words, const AnswerLinks& links)
    : TokenChannel(tools, std::move(settings)),
      dialect_(dialect),
      log_(tools.log),
      account_(std::move(account)),
      words_(words),
      links_(links) {
  account_.base = RestChannel::settings().base;
  key_text_ = account_.secret("private_key");
  account_.private_key = key_text_;
  require_account(dialect_, account_, now());
}

/// A file that is none must not end what works.
void VendorChannel::look_at_key() {
  if (dialect_.made_token == nullptr || account_.secret("private_key") == key_text_) {
    return;
  }
  key_text_ = account_.secret("private_key");
  VendorAccount changed = account_;
  changed.private_key = key_text_;
  if (dialect_.made_token(changed, now())) {
    account_ = std::move(changed);
  } else {
    log_.error("gateway.key_refused", {{"channel", std::string(core::to_string(kind()))}});
  }
}

std::string VendorChannel::account_mark() {
  look_at_key();
  std::string all;
  for (const std::string_view key : {"client_secret", "master_secret", "app_secret"}) {
    all += account_.secret(key) + '\0';
  }
  return sha256(all + account_.private_key);
}

bool VendorChannel::needs_token() const {
  return dialect_.token_request != nullptr || dialect_.made_token != nullptr;
}

void VendorChannel::authorize(const std::string& token, HttpRequest& request) const {
  dialect_.authorize(account_, token, request);
}

boost::asio::awaitable<AccessTokens::Asked> VendorChannel::ask_for_token(ports::Clock::Steady deadline) {
  if (dialect_.made_token == nullptr) {
    return TokenChannel::ask_for_token(deadline);
  }
  return make_token();
}

boost::asio::awaitable<AccessTokens::Asked> VendorChannel::make_token() {
  AccessTokens::Asked asked;
  if (const auto made = dialect_.made_token(account_, now())) {
    asked = *made;
  }
  co_return asked;
}

std::string VendorChannel::title_of(const core::Notice& notice, const std::vector<std::string>& languages) const {
  const core::Fits fits = [this](std::string_view text) { return dialect_.length(text) <= dialect_.title_max; };
  return words_.headline(notice, languages, fits);
}

std::string VendorChannel::text_of(const core::Notice& notice, const std::vector<std::string>& languages) const {
  const core::Fits fits = [this](std::string_view text) { return dialect_.length(text) <= dialect_.text_max; };
  const bool has_room = dialect_.text_max >= text_of_languages_min;
  return has_room ? words_.bodies(notice, languages, fits) : words_.body(notice, languages, fits);
}

core::Result<HttpRequest> VendorChannel::compose(const ports::Dispatch& dispatch, const core::Notice& notice) {
  const std::string& address = dispatch.endpoint.address;
  if (address.empty() || core::group_fault(kind(), address)) {
    return core::Refusal(core::Errc::invalid);
  }
  VendorMessage message;
  message.address = address;
  message.group = core::group_address(kind(), address);
  message.id = message_id(dispatch);
  message.title = title_of(notice, dispatch.languages);
  message.text = text_of(notice, dispatch.languages);
  message.extras = app_extras(dispatch, notice, message.group ? "" : links_.url(link_of(dispatch, notice)));
  message.alert = dispatch.delivery.alert_id.value;
  message.place = place_of(dispatch.delivery.alert_id);
  message.now = now();
  message.kept_for = kept_for(dispatch, message.now, kept_min, kept_max);
  return dialect_.message(account_, message);
}

Verdict VendorChannel::judge(const HttpResult& result) {
  return judge_by_code(result, dialect_.code(result.body), dialect_.codes, now());
}

bool VendorChannel::is_token_refused(const HttpResult& result) const {
  const std::optional<std::int64_t> code = dialect_.code(result.body);
  const auto& refused = dialect_.token_codes;
  return result.status == unauthorized ||
         (code && std::find(refused.begin(), refused.end(), *code) != refused.end());
}

}  // namespace tuanyuan::push
